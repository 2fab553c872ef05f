// What a message of the ingress topic says: one event as JSON as POST /v1/events takes it, or as a CloudEvent 1.0 in binary or
// structured mode (https://github.com/cloudevents/spec, Kafka protocol binding).
import type { Delivered } from '@trellis/engine';
import { Kafka, type CloudEvent } from 'cloudevents';
import { BadRow } from './intake.js';

const STRUCTURED = 'application/cloudevents';
/** The last part of a CloudEvent's type, such as `org.example.AnswerGiven`. */
const LAST_PART = /[^./]+$/;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A row for the intake, or what is wrong with the message as a whole. */
export function rowOf({ value, headers }: Pick<Delivered, 'value' | 'headers'>): unknown {
  if (value === null) return new BadRow('value', '', 'value is missing: a message holds one event', 'missing-field');
  let text: string;
  try {
    text = decoder.decode(value);
  } catch {
    return new BadRow('value', Buffer.from(value).toString('latin1'), 'value is not text in UTF-8: send one event as JSON');
  }
  const isStructured = (headers['content-type'] ?? '').toLowerCase().startsWith(STRUCTURED);
  const body = parsed(text);
  if (body instanceof BadRow || !(isStructured || 'ce_id' in headers || 'ce_specversion' in headers)) return body;
  return cloudEventRow(headers, isStructured ? text : body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new BadRow('value', text, `value is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function cloudEventRow(headers: Readonly<Record<string, string>>, value: unknown): unknown {
  let event: CloudEvent<unknown>;
  try {
    // Of the library's type the members that it reads; one message never holds several events.
    event = Kafka.toEvent({ headers: { 'content-type': 'application/json', ...headers }, value, body: value } as never) as CloudEvent<unknown>;
    event.validate();
  } catch (error) {
    return new BadRow('value', typeof value === 'string' ? value : JSON.stringify(value), `the CloudEvent is not valid: ${whyInvalid(error)}`, 'wrong-type');
  }
  const { id, source, type, subject, time, data, sequence } = event;
  return {
    id,
    source,
    type: LAST_PART.exec(type)?.[0] ?? type,
    ...(subject === undefined ? {} : { learner: subject }),
    ...(time === undefined ? {} : { occurredAt: time }),
    // The sequence extension of CloudEvents is a text.
    ...(sequence === undefined ? {} : { sequence: typeof sequence === 'string' && /^\d{1,15}$/.test(sequence) ? Number(sequence) : sequence }),
    ...(data === undefined ? {} : { data }),
  };
}

/** The library's message names no field; the errors behind it do. */
function whyInvalid(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const errors = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? (error.errors as readonly { readonly instancePath?: string; readonly message?: string }[]) : [];
  return [message, ...errors.map(({ instancePath = '', message: what = '' }) => `${instancePath.slice(1)} ${what}`.trim())].join(': ');
}
