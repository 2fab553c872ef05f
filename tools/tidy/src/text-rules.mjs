// Rules about what stands in a file, read line by line.
const CODE = /\.(ts|mts|cts|mjs|cjs|js)$/;
const PROSE_OR_CODE = /\.(ts|mts|cts|mjs|cjs|js|py|sh|md|json|ya?ml|toml|conf)$|(^|\/)(Dockerfile[^/]*|\.ci\/run)$/;
const DATA = /^samples\/|(^|\/)package-lock\.json$/;
// These spell out what they look for.
const OWN = /^tools\/tidy\/src\//;

const patterns = [
  {
    rule: 'machine-path',
    where: PROSE_OR_CODE,
    pattern: /(?<![\w.~$}\])-])\/(work|home|root|tmp|Users)\/[\w.$*-]/,
    message: 'no path of one machine',
  },
  {
    rule: 'unfinished-test',
    where: CODE,
    pattern: /\b(it|test|describe)\.(only|todo)\b|\b(xit|fit|xtest|xdescribe|fdescribe)\(/,
    message: 'no focused or planned tests',
  },
  {
    rule: 'unfinished-test',
    where: CODE,
    // Fine: `existsSync(folder) ? it : it.skip`, whose name says what is missing.
    pattern: /(?<!\? *(it|test|describe)\s*:\s*)\b(it|test|describe)\.skip\b/,
    message: 'skip only by a condition: `isThere ? it : it.skip`',
  },
  { rule: 'leftover', where: PROSE_OR_CODE, pattern: /\b(TODO|FIXME|XXX)\b/, message: 'do it, or say it in an issue' },
  { rule: 'silenced-rule', where: CODE, pattern: /eslint-disable|@ts-ignore|@ts-nocheck/, message: 'mend the code instead of silencing the rule' },
  { rule: 'silenced-rule', where: CODE, except: /\.spec\.ts$/, pattern: /@ts-expect-error/, message: 'only a spec may expect a type error' },
  { rule: 'star-export', where: CODE, pattern: /^\s*export\s+(type\s+)?\*/, message: 'export by name' },
].map((rule) => ({ except: /$^/, ...rule }));

const EMPTY_CATCH = /\bcatch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*(\([^)]*\)|\w+)\s*=>\s*(\{\s*\}|undefined|null|void 0)\s*,?\s*\)/g;

export const textRules = [
  ...[...new Set(patterns.map(({ rule }) => rule))].map((rule) => ({
    rule,
    find: ({ files }) => patterns.filter((pattern) => pattern.rule === rule).flatMap((pattern) => files.flatMap((file) => matches(file, pattern))),
  })),
  {
    rule: 'empty-catch',
    find: ({ files }) =>
      files
        .filter(({ path, text }) => CODE.test(path) && !OWN.test(path) && text !== undefined)
        .flatMap(({ path, text }) =>
          [...text.matchAll(EMPTY_CATCH)]
            .map(({ index }) => text.slice(0, index).split('\n'))
            .filter((before) => !isExplained(before))
            .map((before) => ({ file: path, line: before.length, message: 'decide on the fault, or say in a comment above why it needs none' })),
        ),
  },
  {
    rule: 'registry-address',
    find: ({ files }) =>
      files
        .filter(({ path, text }) => path.endsWith('package-lock.json') && /"resolved": "https?:/.test(text ?? ''))
        .map(({ path }) => ({ file: path, message: 'no registry addresses: npm config omit-lockfile-registry-resolved=true, then npm install' })),
  },
];

/** A comment on the line before says why a fault is left to somebody else. */
function isExplained(before) {
  return /^\s*(\/\/|\*)/.test(before.at(-2) ?? '');
}

function matches({ path, text }, { where, except, pattern, message }) {
  if (text === undefined || !where.test(path) || except.test(path) || DATA.test(path) || OWN.test(path)) return [];
  return text.split('\n').flatMap((line, at) => (pattern.test(line) ? [{ file: path, line: at + 1, message }] : []));
}
