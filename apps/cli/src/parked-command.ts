// `trellis parked`: messages that could not be taken, and what becomes of them.
import { openTransport } from '@trellis/engine';
import { discardParked, listParked, retryParked, type Parked } from '@trellis/ingest';
import { readConfig, shown } from '@trellis/service';
import { aligned } from './aligned.js';
import { Failure, wrongUsage } from './failure.js';
import type { Io, Outcome } from './io.js';
import { counted } from './progress.js';

export interface ParkedOptions {
  readonly all?: boolean;
  readonly code?: string;
}

/** The rest is in the JSON. */
const SHOWN_MAX = 200;

export async function handleParked(what: 'list' | 'retry' | 'discard', places: readonly string[], options: ParkedOptions, { env }: Io): Promise<Outcome> {
  if (what !== 'list' && [options.all === true, options.code !== undefined, places.length > 0].filter(Boolean).length !== 1) {
    throw wrongUsage(`say which: name places as "trellis parked list" shows them, or give --code or --all`);
  }
  const { kafkaBrokers, namespace, ingressTenants } = readConfig(env);
  if (kafkaBrokers === undefined) throw new Failure('TRELLIS_KAFKA_BROKERS is missing: it says where the brokers are, as host:port,host:port');
  const transport = await openTransport({ kafkaBrokers, namespace, ingressTenants }, { clientId: 'trellis-cli' });
  try {
    const parked = await listParked(transport);
    if (what === 'list') return { json: { parked: parked.map(jsonOf) }, text: listed(parked) };
    const wanted = chosenOf(parked, places, options);
    // What was too large to be parked with its value is not here to be sent.
    const [chosen, cut] = what === 'retry' ? [wanted.filter(({ isCut }) => !isCut), wanted.filter(({ isCut }) => isCut)] : [wanted, []];
    const advice = `too large to be parked with its value: ${cut.map(({ at }) => at).join(', ')}; send it again from its source, and discard it here`;
    if (cut.length > 0 && chosen.length === 0) throw new Failure(advice);
    await (what === 'retry' ? retryParked : discardParked)(transport, chosen);
    const left = parked.length - chosen.length;
    const done = what === 'retry' ? 'sent again' : 'given up';
    return {
      json: { [what === 'retry' ? 'retried' : 'discarded']: chosen.map(({ at }) => at), left },
      text: [`${counted(chosen.length)} ${done}, ${counted(left)} of those parked before are left`, ...(cut.length === 0 ? [] : [advice])].join('\n'),
    };
  } finally {
    await transport.close();
  }
}

function chosenOf(parked: readonly Parked[], places: readonly string[], { all, code }: ParkedOptions): readonly Parked[] {
  if (all === true) return parked;
  if (code !== undefined) return parked.filter(({ reason }) => reason.code === code);
  const missing = places.find((place) => !parked.some(({ at }) => at === place));
  if (missing !== undefined) throw new Failure(`nothing is parked that came from ${shown(missing)}; "trellis parked list" shows what is`);
  return parked.filter(({ at }) => places.includes(at));
}

function listed(parked: readonly Parked[]): string {
  if (parked.length === 0) return 'nothing is parked';
  const rows = parked.slice(0, SHOWN_MAX).map(({ at, parkedAt, reason }) => [at, parkedAt, reason.code, reason.message]);
  const more = parked.length > SHOWN_MAX ? [`and ${counted(parked.length - SHOWN_MAX)} more`] : [];
  return [...aligned([['place', 'parked', 'code', 'why'], ...rows]), ...more].join('\n');
}

function jsonOf({ at, topic, partition, offset, reason, parkedAt, isCut, original: { key, value, headers } }: Parked): object {
  const base64 = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('base64'));
  return { place: at, topic, partition, offset: String(offset), reason, parkedAt, isCut, key: base64(key), value: base64(value), headers };
}
