// The entry of every root script: `node tools/workspace/src/main.mjs <command> [arguments]`. It uses nothing that is installed, so
// that a fresh clone can run it, and it loads the rest only once Node is known to be new enough to read it.
const NODE_MIN = 20;

if (Number(process.versions.node.split('.')[0]) < NODE_MIN) {
  console.error(`Trellis needs Node ${NODE_MIN} or newer to start; this is ${process.versions.node}.`);
  process.exit(1);
}

import('./commands.mjs')
  .then(({ command }) => command(process.argv[2], process.argv.slice(3)))
  .then(
    (code) => process.exit(code),
    (error) => {
      console.error(error.sentence ?? error);
      process.exit(1);
    },
  );
