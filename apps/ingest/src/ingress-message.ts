// What a message of the ingress topic says: one event as JSON as POST /v1/events takes it, or as a CloudEvent 1.0 in binary or
// structured mode (https://github.com/cloudevents/spec, JSON format and Kafka protocol binding). Nothing that was not sent is filled
// in: a message may come again, and must say the same each time.
import type { Delivered } from '@trellis/engine';
import { shown } from '@trellis/service';
import { BadRow } from './intake.js';

const STRUCTURED = 'application/cloudevents';
const BATCHED = 'application/cloudevents-batch';
const ATTRIBUTE = 'ce_';
const VERSION = '1.0';
/** The last part of a CloudEvent's type, such as `org.example.AnswerGiven`. */
const LAST_PART = /[^./]+$/;
const SEQUENCE = /^\d{1,15}$/;
const decoder = new TextDecoder('utf-8', { fatal: true });

type Attributes = Readonly<Record<string, unknown>>;

/** A row for the intake, or what is wrong with the message as a whole. */
export function rowOf({ value, headers }: Pick<Delivered, 'value' | 'headers'>): unknown {
  if (value === null) return new BadRow('value', '', 'value is missing: a message holds one event', 'missing-field');
  const body = parsed(value);
  if (body instanceof BadRow) return body;
  const contentType = (headers['content-type'] ?? '').toLowerCase();
  if (contentType.startsWith(BATCHED)) return new BadRow('content-type', contentType, `content-type is ${shown(contentType)}; a message holds one event, not a batch`, 'wrong-type');
  if (contentType.startsWith(STRUCTURED)) return structured(body);
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith(ATTRIBUTE));
  return attributes.length === 0 ? body : eventOf(Object.fromEntries(attributes.map(([name, text]) => [name.slice(ATTRIBUTE.length), text])), body);
}

function parsed(value: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(value);
  } catch {
    return new BadRow('value', Buffer.from(value).toString('latin1'), 'value is not text in UTF-8: send one event as JSON');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    return new BadRow('value', text, `value is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function structured(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return new BadRow('value', JSON.stringify(body), 'value is not a CloudEvent: it must be a JSON object', 'wrong-type');
  const { data, data_base64: base64, ...attributes } = body as Attributes & { readonly data?: unknown; readonly data_base64?: unknown };
  if (typeof base64 !== 'string') return eventOf(attributes, data);
  const decoded = parsed(Buffer.from(base64, 'base64'));
  return decoded instanceof BadRow ? decoded : eventOf(attributes, decoded);
}

/** Whatever is missing or wrong in it is for the schema of events to say. */
function eventOf({ specversion, id, source, type, subject, time, sequence }: Attributes, data: unknown): unknown {
  if (specversion !== VERSION) return new BadRow('specversion', shown(specversion), `specversion is ${shown(specversion)}; CloudEvents of version ${VERSION} are taken`, 'out-of-range');
  // Without it an id would share its meaning with those of another way in.
  if (source === undefined) return new BadRow('source', '', 'source is missing; every CloudEvent has one', 'missing-field');
  const row = {
    id,
    source,
    type: typeof type === 'string' ? (LAST_PART.exec(type)?.[0] ?? type) : type,
    learner: subject,
    occurredAt: time,
    // The sequence extension of CloudEvents is a text.
    sequence: typeof sequence === 'string' && SEQUENCE.test(sequence) ? Number(sequence) : sequence,
    data,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
