// Rules about names and sizes of files.
const CODE = /\.(ts|mts|cts|mjs|cjs|js|py|sh)$/;
const LINES_MAX = 400;
const ROLE_SUFFIX = /\.(interface|type|enum|constants|util|utils|helper|helpers|dto|entity)\.[cm]?[jt]s$/;
const BARREL = /(^|\/)index\.[cm]?[jt]s$/;
const BARREL_PLACE = /^(libs|apps|tools)\/[^/]+\/src\/(testing\/)?index\.ts$/;
const VAGUE_FOLDER = /^(libs|apps|tools)\/(.*\/)?(common|shared|utils?|core|helpers?|misc)\//;

export const fileRules = [
  { rule: 'file-name', find: ({ files }) => naming(files, ROLE_SUFFIX, 'name the file for the thing, not for what kind of declaration it holds') },
  { rule: 'folder-name', find: ({ files }) => naming(files, VAGUE_FOLDER, 'name the folder for what it is about') },
  {
    rule: 'barrel',
    find: ({ files }) =>
      files
        .filter(({ path }) => BARREL.test(path) && !BARREL_PLACE.test(path))
        .map(({ path }) => ({ file: path, message: 'one index.ts a lib, at src/ (and src/testing/)' })),
  },
  {
    rule: 'file-length',
    find: ({ files }) =>
      files
        .filter(({ path, text }) => CODE.test(path) && text !== undefined)
        .map(({ path, text }) => ({ path, lines: text.split('\n').filter((line) => line.trim() !== '').length }))
        .filter(({ lines }) => lines > LINES_MAX)
        .map(({ path, lines }) => ({ file: path, message: `${lines} lines that are not blank; at most ${LINES_MAX}` })),
  },
];

function naming(files, pattern, message) {
  return files.filter(({ path }) => pattern.test(path)).map(({ path }) => ({ file: path, message }));
}
