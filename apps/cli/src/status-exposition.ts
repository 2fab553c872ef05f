// Prometheus' text format, as far as services write it: samples with labels and a value; comments are passed over.
import { shown } from '@trellis/service';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples by their name, as `trellis_append_seconds_bucket`. */
export type Exposition = ReadonlyMap<string, readonly Sample[]>;

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };
const NUMBERS: Readonly<Record<string, number>> = { '+Inf': Infinity, Inf: Infinity, '-Inf': -Infinity, NaN };

/** Throws at the first line that is not of this format: the address is then one of something else. */
export function parseExposition(text: string): Exposition {
  const samples = new Map<string, Sample[]>();
  for (const [at, line] of text.split('\n').entries()) {
    const said = line.trim();
    if (said === '' || said.startsWith('#')) continue;
    const [, name, labels = '', number = ''] = SAMPLE.exec(said) ?? [];
    const value = NUMBERS[number] ?? Number(number);
    const sample = { labels: labelsOf(labels), value };
    if (name === undefined || sample.labels === null || (Number.isNaN(value) && number !== 'NaN')) throw new Error(`line ${at + 1} is not in Prometheus' text format: ${shown(said)}`);
    const others = samples.get(name);
    if (others === undefined) samples.set(name, [{ ...sample, labels: sample.labels }]);
    else others.push({ ...sample, labels: sample.labels });
  }
  return samples;
}

/** Null: not what stands between the braces of a sample. */
function labelsOf(text: string): Readonly<Record<string, string>> | null {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let end = 0; end < text.length; end = LABEL.lastIndex) {
    const [, name, value = ''] = LABEL.exec(text) ?? [];
    if (name === undefined) return null;
    labels[name] = value.replace(/\\./g, (escaped) => ESCAPED[escaped] ?? escaped);
  }
  return labels;
}
