// Where processor time goes: the functions that CPU profiles of Node saw most often at the top of the stack.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

export interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number } }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface Cost {
  readonly where: string;
  /** Of the time in which something ran. */
  readonly share: number;
}

const NOT_WORK = new Set(['(idle)', '(program)', '(root)']);
const TOP = 25;

export function topCosts({ nodes, samples = [], timeDeltas = [] }: Profile, count = TOP): readonly Cost[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const micros = new Map<string, number>();
  let total = 0;
  for (const [n, id] of samples.entries()) {
    const name = names.get(id) ?? '(root)';
    if (NOT_WORK.has(name)) continue;
    const took = timeDeltas[n] ?? 0;
    total += took;
    micros.set(name, (micros.get(name) ?? 0) + took);
  }
  return [...micros]
    .map(([where, took]) => ({ where, share: took / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, count);
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  // The last two parts of the path say which package; lines are counted from 0.
  return url === '' ? name : `${name} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
}

/** Writes the profile of what runs meanwhile in this process into the folder. */
export async function profiled<Result>(folder: string, name: string, work: () => Promise<Result>): Promise<Result> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  try {
    return await work();
  } finally {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
  }
}

/** Names of the profiles in a folder. */
export async function profilesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
}

export async function costsOf(path: string): Promise<string> {
  const costs = topCosts(JSON.parse(await readFile(path, 'utf8')) as Profile); // written by Node
  return costs.map(({ where, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`).join('\n');
}
