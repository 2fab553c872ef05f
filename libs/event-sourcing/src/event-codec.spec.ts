import { eventCodec, type Meta } from './event-codec.js';
import { EVENT_BYTES_MAX, type EventId, type Outgoing, type Position, type Recorded, type StreamName } from './records.js';

// Casts: names for tests.
const id = '00000000-0000-5000-8000-000000000001' as EventId;
const dictionary = ['source', 'occurredAt', 'schema', 'item'];
const codec = eventCodec({ dictionary, types: { AnswerGiven: [], LetterWritten: [] } });

const meta: Meta = { source: 'api', occurredAt: 1_772_438_400_000, schema: 1 };

function recorded(event: Outgoing): Recorded {
  return { ...event, stream: 'learner-north.ana' as StreamName, revision: 4, position: '17' as Position, recordedAt: 1_772_438_400_123 };
}

describe('an event', () => {
  it('comes back with its place', () => {
    const data = { item: 'i1', score: 0.5, skills: ['a', 'b'], note: null };
    const all: Meta = { ...meta, timeBasis: 'received', claimedAt: 1_900_000_000_000, sequence: 58_266, correlationId: 'batch-1' };
    const record = recorded(codec.encode(id, '0123456789abcdef', { type: 'AnswerGiven', data }, all));
    expect(codec.decode(record)).toEqual({ ...record, meta: all, data });
    expect(record).toMatchObject({ id, type: 'AnswerGiven', digest: '0123456789abcdef' });
  });

  const answer = recorded(codec.encode(id, '0', { type: 'AnswerGiven', data: { item: 'i1' } }, meta));
  it.each<[string, Recorded]>([
    ['of a type that is not known', recorded(codec.encode(id, '0', { type: 'ComputerRestarted', data: { why: 'update' } }, meta))],
    ['of a type named like a member of every object', recorded(codec.encode(id, '0', { type: 'constructor', data: {} }, meta))],
    ['of a later schema', recorded(codec.encode(id, '0', { type: 'AnswerGiven', data: { item: 'i1' } }, { ...meta, schema: 2 }))],
    ['in another format, such as encrypted', { ...answer, bytes: Uint8Array.of(9, ...answer.bytes.subarray(1)) }],
    ['that was erased', { ...answer, bytes: new Uint8Array(0) }],
  ])('%s is passed over', (_, record) => expect(codec.decode(record)).toBeNull());

  it('is refused when it is larger than a log carries', () => {
    const letter = (length: number): Outgoing => codec.encode(id, '0', { type: 'LetterWritten', data: { text: 'x'.repeat(length) } }, meta);
    const room = EVENT_BYTES_MAX - letter(1_000).bytes.length + 1_000;
    expect(letter(room).bytes.length).toBe(EVENT_BYTES_MAX);
    expect(() => letter(room + 1)).toThrow(`LetterWritten ${id} takes 262145 bytes; an event may have 262144`);
  });
});

describe('what cannot be decoded', () => {
  const good = recorded(codec.encode(id, '0', { type: 'AnswerGiven', data: { item: 'i1' } }, meta));
  const cases: [string, Uint8Array, string][] = [
    ['cut short', good.bytes.subarray(0, good.bytes.length - 1), 'ends before it is whole'],
  ];
  it.each(cases)('says where it stands and why: bytes that are %s', (_, bytes, why) => {
    const decode = (): unknown => codec.decode({ ...good, bytes });
    expect(decode).toThrow('learner-north.ana@4: AnswerGiven cannot be decoded');
    expect(decode).toThrow(expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringContaining(why) }) }));
  });
});

describe('an old schema', () => {
  const today = eventCodec({
    dictionary,
    types: {
      HintTaken: [],
      AnswerGiven: [({ correct, ...rest }) => ({ ...rest, score: correct === true ? 1 : 0 }), (data) => ({ hints: 0, ...data })],
    },
  });
  const decoded = (type: string, data: object, schema: number): unknown => today.decode(recorded(codec.encode(id, '0', { type, data }, { ...meta, schema })))?.data;

  it('is lifted step by step to that of today', () => {
    expect(decoded('AnswerGiven', { item: 'i1', correct: true }, 1)).toEqual({ item: 'i1', score: 1, hints: 0 });
    expect(decoded('AnswerGiven', { item: 'i1', score: 0.5 }, 2)).toEqual({ item: 'i1', score: 0.5, hints: 0 });
  });

  it('of today, or of another type, stays as it is', () => {
    expect(decoded('AnswerGiven', { item: 'i1', score: 0.5 }, 3)).toEqual({ item: 'i1', score: 0.5 });
    expect(decoded('HintTaken', { correct: true }, 1)).toEqual({ correct: true });
  });
});
