// Held against the generated classes of the client package.
import fc from 'fast-check';
import { answerOf } from './answers.js';
import { wire, type ReadResp } from './testing/wire.js';

const { ReadResp: Response } = wire.streams;
const bytesOf = (response: ReadResp): Buffer => Buffer.from(response.serializeBinary());
const recorded = (created: string) => {
  const event = new Response.ReadEvent.RecordedEvent().setStreamIdentifier(new wire.shared.StreamIdentifier().setStreamName(new TextEncoder().encode('learner-a')));
  event.getMetadataMap().set('created', created);
  return event;
};
const eventOf = (event: ReturnType<typeof recorded>): Buffer => bytesOf(new Response().setEvent(new Response.ReadEvent().setEvent(event)));

describe('an answer of the server', () => {
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const bytes = fc.uint8Array({ maxLength: 300 });
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });

  it('with an event is the event that the generated classes wrote', () => {
    fc.assert(
      fc.property(text, text, text, uint64, uint64, uint64, fc.nat(), bytes, bytes, (stream, id, type, revision, commit, prepare, ms, data, metadata) => {
        const event = recorded(`${ms}4321`)
          .setId(new wire.shared.UUID().setString(id))
          .setStreamIdentifier(new wire.shared.StreamIdentifier().setStreamName(new TextEncoder().encode(stream)))
          .setStreamRevision(String(revision)).setCommitPosition(String(commit)).setPreparePosition(String(prepare))
          .setData(data).setCustomMetadata(metadata);
        event.getMetadataMap().set('type', type).set('content-type', 'application/octet-stream').set('later', 'unknown');
        const answer = answerOf(bytesOf(new Response().setEvent(new Response.ReadEvent().setEvent(event).setCommitPosition(String(commit)))));
        const kept = { stream, id, type, contentType: 'application/octet-stream', revision, place: { commit, prepare }, created: ms };
        expect(answer).toEqual({ kind: 'event', event: { ...kept, data, metadata: Buffer.from(metadata) } });
      }),
    );
  });

  it.each([0n, 127n, 128n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])('keeps every bit of the position %d', (commit) => {
    const response = new Response().setCheckpoint(new Response.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(commit)));
    expect(answerOf(bytesOf(response))).toEqual({ kind: 'checkpoint', place: { commit, prepare: commit } });
  });

  it.each<[string, ReadResp]>([
    ['confirmation',     new Response().setConfirmation(new Response.SubscriptionConfirmation().setSubscriptionId('x'))],
    ['stream-not-found', new Response().setStreamNotFound(new Response.StreamNotFound())],
    ['caught-up',        new Response().setCaughtUp(new Response.CaughtUp().setStreamRevision('7'))],
    ['fell-behind',      new Response().setFellBehind(new Response.FellBehind())],
    ['other',            new Response().setLastStreamPosition('7')],
    ['other',            new Response().setEvent(new Response.ReadEvent().setLink(recorded('10000')))],
    ['other',            new Response()],
  ])('is of the kind %s', (kind, response) => expect(answerOf(bytesOf(response))).toEqual({ kind }));

  it('passes over fields of every wire type that it does not know', () => {
    const unknown = Buffer.from([0x78, 0xff, 0x01, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 2, 9, 9, 0x7d, 1, 2, 3, 4]);
    expect(answerOf(Buffer.concat([unknown, bytesOf(new Response().setCaughtUp(new Response.CaughtUp()))]))).toEqual({ kind: 'caught-up' });
  });

  it('that is cut anywhere is an error and never a shorter event', () => {
    const whole = eventOf(recorded('17000000007891234').setData(new Uint8Array(200)));
    expect(answerOf(whole)).toMatchObject({ event: { created: 1_700_000_000_789 } });
    for (let length = 1; length < whole.length; length++) expect(() => answerOf(whole.subarray(0, length))).toThrow();
  });

  it.each(['', 'now', '-1', '99999999999999999999999999'])('without a time that can be one is an error: %j', (created) => {
    expect(() => answerOf(eventOf(recorded(created)))).toThrow('learner-a@0 comes without the time');
  });

  it('whose number does not end is an error', () => {
    expect(() => answerOf(Buffer.concat([Buffer.from([0x28]), Buffer.alloc(11, 0xff)]))).toThrow('a number of more than 10 bytes');
  });
});
