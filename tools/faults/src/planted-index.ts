// Known bugs in the index, the rows and the lock, planted at the key-value port and the lock port.
import type { EmbeddedPorts, KeyValue } from '@trellis/embedded';
import { passedOnKeyValue } from './passed-on.js';
import type { PlantedBug } from './planted-bug.js';

function onKeyValue(name: 'index' | 'rows', alter: (keyValue: KeyValue) => KeyValue): PlantedBug['alterations'] {
  return {
    ports: (ports: EmbeddedPorts) => ({
      ...ports,
      keyValue: (options) => {
        const keyValue = ports.keyValue(options);
        return options.path.endsWith(name) ? alter(keyValue) : keyValue;
      },
    }),
  };
}

export const PLANTED_IN_INDEX: readonly PlantedBug[] = [
  {
    name: 'a commit of the index that loses a write',
    caughtBy: ['once', 'answers', 'restart', 'durable', 'readers'],
    alterations: onKeyValue('index', (keyValue) => {
      let writes = 0;
      return passedOnKeyValue(keyValue, {
        commit: (fill) =>
          keyValue.commit((batch) =>
            fill({
              put: (key, value) => {
                if (++writes % 5 > 0) batch.put(key, value);
              },
              remove: (key) => batch.remove(key),
            }),
          ),
      });
    }),
  },
  {
    name: 'guard dropped',
    caughtBy: ['rows'],
    // The row that is there is looked at with nothing else.
    alterations: onKeyValue('rows', (keyValue) => passedOnKeyValue(keyValue, { peek: () => undefined })),
  },
  {
    name: 'a lock that lets everybody in',
    caughtBy: ['writer'],
    alterations: { ports: (ports) => ({ ...ports, lock: () => ({ release: () => undefined }) }) },
  },
];
