// Errors as the server sends them: a status, and metadata or packed details that the client tells them apart by.
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { AppendDecision, DoubleLog } from './double-log.js';
import type { EndPoint } from './faults.js';
import { wire } from './wire.js';

const DETAILS = 'grpc-status-details-bin';

export function callError(code: status, details: string, metadata = new Metadata()): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata });
}

export function notLeader({ host, port }: EndPoint): ServiceError {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', host);
  metadata.set('leader-endpoint-port', String(port));
  return callError(status.NOT_FOUND, `Leader info available: ${host}:${port}`, metadata);
}

export function appendTooLarge(bytesMax: number): ServiceError {
  const metadata = new Metadata();
  metadata.set('exception', 'maximum-append-size-exceeded');
  metadata.set('maximum-append-size', String(bytesMax));
  return callError(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytesMax} Exceeded.`, metadata);
}

/** A refused append to many streams: the answer of such a call has no place for a refusal. */
export function statusError(decision: AppendDecision, log: DoubleLog, call: 'session' | 'check'): ServiceError {
  if (decision.kind === 'too-large') {
    const exceeded = new wire.sessionErrors.AppendTransactionSizeExceededErrorDetails().setSize(decision.bytes).setMaxSize(log.appendBytesMax);
    return packed(status.ABORTED, 'the append is too large', exceeded.serializeBinary(), 'AppendTransactionSizeExceededErrorDetails');
  }
  if (decision.kind !== 'wrong-version') throw new Error(`${decision.kind} is no error`);
  const expected = String(typeof decision.expected === 'bigint' ? decision.expected : decision.expected === 'any' ? -2 : -1);
  const actual = String(decision.actual ?? -1);
  if (call === 'check') {
    const { AppendConsistencyViolationErrorDetails: Details, ConsistencyViolation } = wire.sessionErrors;
    const state = new ConsistencyViolation.StreamStateViolation().setStream(decision.stream).setExpectedState(expected).setActualState(actual);
    const details = new Details().setViolationsList([new ConsistencyViolation().setStreamState(state)]);
    return packed(status.FAILED_PRECONDITION, 'consistency violation', details.serializeBinary(), 'AppendConsistencyViolationErrorDetails');
  }
  const conflict = new wire.sessionErrors.StreamRevisionConflictErrorDetails().setStream(decision.stream);
  conflict.setExpectedRevision(expected).setActualRevision(actual);
  return packed(status.FAILED_PRECONDITION, 'revision conflict', conflict.serializeBinary(), 'StreamRevisionConflictErrorDetails');
}

function packed(code: status, details: string, bytes: Uint8Array, name: string): ServiceError {
  const detail = new wire.anything.Any();
  detail.pack(bytes, `kurrentdb.protocol.v2.streams.errors.${name}`);
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(new wire.status.Status().setMessage(details).setDetails(detail).serializeBinary()));
  return callError(code, details, metadata);
}
