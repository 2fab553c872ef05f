// Services with a bug in them, planted through the ports that they rest on.
import { fileURLToPath } from 'node:url';

export type PlantedKind = 'ingest' | 'projector';

export function plantedMain(kind: PlantedKind): string {
  // From the sources as from what is built of them.
  return fileURLToPath(new URL(`../../dist/cluster/planted-${kind}-main.js`, import.meta.url));
}
