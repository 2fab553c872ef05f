// `node dist/cluster/try-main.js <part of a name> [planted-ingest|planted-projector|as-it-is] [seed]`: drills by hand.
import { drill } from './drill.js';
import { DRILLS, KILLS, WORST_MOMENTS } from './drills.js';
import { plantedMain, type PlantedKind } from './planted-mains.js';

const [part = '', planted = 'as-it-is', seed] = process.argv.slice(2);
for (const one of [KILLS, WORST_MOMENTS, ...DRILLS].filter(({ name }) => name.includes(part))) {
  const kind = planted === 'as-it-is' ? undefined : (planted.replace('planted-', '') as PlantedKind); // who types another name is told by Node
  const { violations, counts, done, seconds } = await drill({ ...one, ...(seed === undefined ? {} : { seed: Number(seed) }), ...(kind === undefined ? {} : { settledMsMax: 15_000, options: { ...one.options, planted: { [kind]: plantedMain(kind) } } }) });
  process.stdout.write(`${JSON.stringify({ name: one.name, seconds, done, counts, violations }, null, 1)}\n`);
}
process.exit();
