// The ways in which the client appends: Append, BatchAppend, AppendSession and AppendRecords. All of them come down to one decision of the log.
import { status, type Metadata, type ServerDuplexStream, type ServerReadableStream, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { AppendDecision, DoubleExpected, DoubleLog, Placed, Proposed, StreamAppend } from './double-log.js';
import { appendTooLarge, callError, notLeader, statusError } from './double-errors.js';
import type { DoubleNode } from './faults.js';
import { wire, type AppendRecordsRequest, type AppendRecordsResponse, type AppendReq, type AppendRequest, type AppendResp, type AppendSessionResponse, type BatchAppendReq, type BatchAppendResp } from './wire.js';

interface Reply {
  answer(decision: AppendDecision): void;
  fail(error: Error): void;
}

/** Decides one append, at once or, where the double is slow, later. Equal waits end in the order in which they began. */
function serve(log: DoubleLog, node: DoubleNode, metadata: Metadata, appends: readonly StreamAppend[], reply: Reply, order?: readonly Placed[]): void {
  if (node.waitMs === 0) decide(log, node, metadata, appends, reply, order);
  else setTimeout(() => decide(log, node, metadata, appends, reply, order), node.waitMs);
}

/** As the faults and the log say. A reply may never come. */
function decide(log: DoubleLog, node: DoubleNode, metadata: Metadata, appends: readonly StreamAppend[], reply: Reply, order?: readonly Placed[]): void {
  node.counts.appends++;
  for (const land of node.underway.before.splice(0)) land();
  const afterwards = node.underway.after.splice(0);
  const fault = node.faults.appends.shift();
  if (node.leader !== null && metadata.get('requires-leader').includes('true')) reply.fail(notLeader(node.leader));
  else if (fault === undefined) reply.answer(log.append(appends, order));
  else if (fault.kind === 'unavailable') reply.fail(callError(status.UNAVAILABLE, 'Server Is Too Busy'));
  else if (fault.kind === 'wrong-version') {
    const { stream, expected } = appends[0] as StreamAppend; // an append without streams never gets here
    reply.answer({ kind: 'wrong-version', stream, expected, actual: log.stream(stream).at(-1)?.revision ?? null });
  } else {
    const land = (): void => void log.append(appends, order);
    if (fault.fate === 'written') land();
    if (fault.fate === 'lands-before-the-next') node.underway.before.push(land);
    if (fault.fate === 'lands-after-the-next') node.underway.after.push(land);
    if (fault.kind === 'disconnect') node.cut();
  }
  for (const land of afterwards) land();
}

export function appendHandler(log: DoubleLog, node: DoubleNode) {
  return (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    let target: Omit<StreamAppend, 'events'> | null = null;
    const events: Proposed[] = [];
    call.on('data', (request: AppendReq) => {
      const options = request.getOptions();
      const message = request.getProposedMessage();
      if (options !== undefined) {
        const expected: DoubleExpected = options.hasNoStream() ? 'no-stream' : options.hasRevision() ? BigInt(options.getRevision()) : 'any';
        target = { stream: nameOf(options.getStreamIdentifier()), expected };
      }
      if (message !== undefined) events.push(proposed(message));
    });
    call.on('end', () => {
      if (target === null) return callback(callError(status.INVALID_ARGUMENT, 'an append without options'));
      serve(log, node, call.metadata, [{ ...target, events }], {
        answer: (decision) => (decision.kind === 'too-large' ? callback(appendTooLarge(log.appendBytesMax)) : callback(null, appendResponse(decision))),
        fail: (error) => callback(error),
      });
    });
  };
}

export function batchAppendHandler(log: DoubleLog, node: DoubleNode) {
  return (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const begun = new Map<string, { readonly append: Omit<StreamAppend, 'events'>; readonly events: Proposed[] }>();
    call.on('error', () => call.destroy());
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      const correlation = request.getCorrelationId()?.getString() ?? '';
      const options = request.getOptions();
      if (options !== undefined) {
        const expected: DoubleExpected = options.hasNoStream() ? 'no-stream' : options.hasStreamPosition() ? BigInt(options.getStreamPosition()) : 'any';
        begun.set(correlation, { append: { stream: nameOf(options.getStreamIdentifier()), expected }, events: [] });
      }
      const part = begun.get(correlation);
      if (part === undefined) return void call.emit('error', callError(status.INVALID_ARGUMENT, 'a part of an append that did not begin'));
      part.events.push(...request.getProposedMessagesList().map(proposed));
      if (!request.getIsFinal()) return;
      begun.delete(correlation);
      serve(log, node, call.metadata, [{ ...part.append, events: part.events }], {
        answer: (decision) => void call.write(batchResponse(decision, correlation, part.append.stream, log)),
        fail: (error) => void call.emit('error', error),
      });
    });
  };
}

export function appendSessionHandler(log: DoubleLog, node: DoubleNode) {
  return (call: ServerReadableStream<AppendRequest, AppendSessionResponse>, callback: sendUnaryData<AppendSessionResponse>): void => {
    const appends: StreamAppend[] = [];
    call.on('data', (request: AppendRequest) => {
      appends.push({
        stream: request.getStream(),
        expected: expectedOf(request.getExpectedRevision()),
        events: request.getRecordsList().map(proposedRecord),
      });
    });
    call.on('end', () => {
      node.counts.sessions++;
      // A session always needs the leader. The client knows no name for this error.
      if (node.leader !== null) return callback(callError(status.FAILED_PRECONDITION, 'the leader is another node'));
      const twice = appends.find(({ stream }, index) => appends.findIndex((other) => other.stream === stream) !== index);
      if (appends.length === 0 || twice !== undefined) return callback(callError(status.INVALID_ARGUMENT, `${twice?.stream ?? 'no stream'}: a stream may come once in a session`));
      serve(log, node, call.metadata, appends, {
        answer: (decision) => (decision.kind === 'written' || decision.kind === 'idempotent' ? callback(null, sessionResponse(decision, appends)) : callback(statusError(decision, log, 'session'))),
        fail: (error) => callback(error),
      });
    });
  };
}

export function appendRecordsHandler(log: DoubleLog, node: DoubleNode) {
  return (call: ServerUnaryCall<AppendRecordsRequest, AppendRecordsResponse>, callback: sendUnaryData<AppendRecordsResponse>): void => {
    node.counts.inOrder++;
    if (node.leader !== null) return callback(callError(status.FAILED_PRECONDITION, 'the leader is another node'));
    const order: Placed[] = call.request.getRecordsList().map((record) => ({ stream: record.getStream(), event: proposedRecord(record) }));
    const states = new Map(call.request.getChecksList().map((check) => [check.getStreamState()?.getStream() ?? '', expectedOf(check.getStreamState()?.getExpectedState())]));
    const streams = [...new Set([...order.map(({ stream }) => stream), ...states.keys()])];
    const appends = streams.map((stream) => ({ stream, expected: states.get(stream) ?? 'any', events: order.filter((one) => one.stream === stream).map(({ event }) => event) }));
    serve(log, node, call.metadata, appends, {
      answer: (decision) => {
        if (decision.kind !== 'written' && decision.kind !== 'idempotent') return callback(statusError(decision, log, 'check'));
        const { AppendRecordsResponse: Response, StreamRevision } = wire.sessions;
        const revisions = streams.map((stream, index) => new StreamRevision().setStream(stream).setRevision(String(decision.revisions[index])));
        callback(null, new Response().setRevisionsList(revisions).setPosition(String(decision.position)));
      },
      fail: (error) => callback(error),
    }, order);
  };
}

function expectedOf(revision: string | undefined): DoubleExpected {
  const expected = BigInt(revision ?? -2);
  return expected === -1n ? 'no-stream' : expected < 0n ? 'any' : expected;
}

function proposedRecord(record: InstanceType<typeof wire.sessions.AppendRecord>): Proposed {
  // Properties of a record are what its metadata is for everybody who reads it.
  const properties = Object.fromEntries([...record.getPropertiesMap().entries()].map(([name, value]) => [name, value.getStringValue()]));
  return {
    id: record.getRecordId() ?? '',
    type: record.getSchema()?.getName() ?? '',
    contentType: record.getSchema()?.getFormat() === wire.sessions.SchemaFormat.SCHEMA_FORMAT_JSON ? 'application/json' : 'application/octet-stream',
    data: record.getData_asU8(),
    metadata: new TextEncoder().encode(JSON.stringify({ ...properties, '$schema.format': 'bytes' })),
  };
}

function appendResponse(decision: Exclude<AppendDecision, { kind: 'too-large' }>): AppendResp {
  const { AppendResp: Response } = wire.streams;
  const response = new Response();
  if (decision.kind === 'wrong-version') {
    const wrong = new Response.WrongExpectedVersion();
    if (decision.actual === null) wrong.setCurrentNoStream(new wire.shared.Empty());
    else wrong.setCurrentRevision(String(decision.actual));
    if (decision.expected === 'no-stream') wrong.setExpectedNoStream(new wire.shared.Empty());
    else if (decision.expected === 'any') wrong.setExpectedAny(new wire.shared.Empty());
    else wrong.setExpectedRevision(String(decision.expected));
    return response.setWrongExpectedVersion(wrong);
  }
  const position = new Response.Position().setCommitPosition(String(decision.position)).setPreparePosition(String(decision.position));
  return response.setSuccess(new Response.Success().setCurrentRevision(String(decision.revisions.at(-1))).setPosition(position));
}

function batchResponse(decision: AppendDecision, correlation: string, stream: string, log: DoubleLog): BatchAppendResp {
  const { BatchAppendResp: Response } = wire.streams;
  const response = new Response().setCorrelationId(new wire.shared.UUID().setString(correlation));
  response.setStreamIdentifier(new wire.shared.StreamIdentifier().setStreamName(new TextEncoder().encode(stream)));
  if (decision.kind === 'written' || decision.kind === 'idempotent') {
    const position = new wire.shared.AllStreamPosition().setCommitPosition(String(decision.position)).setPreparePosition(String(decision.position));
    return response.setSuccess(new Response.Success().setCurrentRevision(String(decision.revisions.at(-1))).setPosition(position));
  }
  const details = new wire.anything.Any();
  if (decision.kind === 'too-large') {
    const tooLarge = new wire.shared.MaximumAppendSizeExceeded().setMaxappendsize(log.appendBytesMax);
    details.pack(tooLarge.serializeBinary(), 'event_store.client.MaximumAppendSizeExceeded');
  } else {
    const wrong = new wire.shared.WrongExpectedVersion();
    if (decision.actual !== null) wrong.setCurrentStreamRevision(String(decision.actual));
    if (typeof decision.expected === 'bigint') wrong.setExpectedStreamPosition(String(decision.expected));
    details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  }
  return response.setError(new wire.status.Status().setMessage(decision.kind).setDetails(details));
}

function sessionResponse(decision: { readonly revisions: readonly bigint[]; readonly position: bigint }, appends: readonly StreamAppend[]): AppendSessionResponse {
  const { AppendSessionResponse: Response, AppendResponse } = wire.sessions;
  const outputs = appends.map(({ stream }, index) => new AppendResponse().setStream(stream).setStreamRevision(String(decision.revisions[index])));
  return new Response().setOutputList(outputs).setPosition(String(decision.position));
}

function proposed(message: InstanceType<typeof wire.streams.BatchAppendReq.ProposedMessage>): Proposed {
  const map = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function nameOf(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  return new TextDecoder().decode(identifier?.getStreamName_asU8());
}
