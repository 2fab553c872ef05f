#!/usr/bin/env node
// What a person sees who has another Node or has not built yet: one sentence instead of a stack.
const NODE_LEAST = 24;

const [major] = process.versions.node.split('.').map(Number);
if (major < NODE_LEAST) {
  fail(`this is Node ${process.versions.node}, and trellis needs Node ${NODE_LEAST}: "npx trellis" and "npm run trellis --" bring the right one.`);
} else {
  await import('../dist/main.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.url ?? error.message).includes('dist')) throw error;
    fail('it is not built yet: run "npm run build" in the workspace, then try again.');
  });
}

function fail(why) {
  process.stderr.write(`trellis: ${why}\n`);
  process.exitCode = 1;
}
