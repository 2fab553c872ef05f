// Rules about who imports whom: cycles between files, one's own lib by its name, and packages that nobody declared.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

const SOURCE = /\.(ts|mjs)$/;
const TEST = /\.spec\.(ts|mjs)$|\/e2e\/|\/src\/testing\//;

export const importRules = [
  {
    rule: 'import-cycle',
    find: (repository) => repository.projects.flatMap((project) => cyclesIn(graphOf(project, repository.files))),
  },
  {
    rule: 'own-name',
    find: (repository) =>
      importsByName(repository)
        .filter(({ project, wanted }) => wanted === project.name)
        .map(({ path, line }) => ({ file: path, line, message: 'import files of your own project by a relative path' })),
  },
  {
    rule: 'undeclared-package',
    find: (repository) =>
      importsByName(repository)
        .filter(({ project, wanted, path }) => wanted !== project.name && !isDeclared(project, wanted, path, rootTools(repository)))
        .map(({ project, wanted, path, line }) => ({ file: path, line, message: `${wanted} is not in the dependencies of ${project.folder}/package.json` })),
  },
];

function sourcesOf(project, files) {
  return files.filter(({ path, text }) => path.startsWith(`${project.folder}/`) && SOURCE.test(path) && text !== undefined);
}

/** Static, dynamic and type-only imports alike: a cycle of types is a cycle for whoever reads the code. */
function importsOf(text) {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({ wanted: fileName, line: text.slice(0, pos).split('\n').length }));
}

function importsByName({ projects, files }) {
  return projects.flatMap((project) =>
    sourcesOf(project, files).flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ wanted }) => !wanted.startsWith('.') && !wanted.startsWith('node:') && !builtinModules.includes(wanted))
        .map(({ wanted, line }) => ({ project, path, line, wanted: packageOf(wanted) })),
    ),
  );
}

function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function rootTools({ files }) {
  const root = files.find(({ path }) => path === 'package.json');
  return Object.keys(JSON.parse(root?.text ?? '{}').devDependencies ?? {});
}

/** What runs for users is declared by its project; tests and tools may use the tools of the whole workspace too. */
function isDeclared({ folder, manifest }, wanted, path, tools) {
  if (wanted in (manifest.dependencies ?? {})) return true;
  if (!TEST.test(path) && !folder.startsWith('tools/')) return false;
  return wanted in (manifest.devDependencies ?? {}) || tools.includes(wanted) || wanted === '@jest/globals';
}

function graphOf(project, files) {
  const sources = sourcesOf(project, files);
  const paths = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map(({ path, text }) => {
      const targets = importsOf(text)
        .filter(({ wanted }) => wanted.startsWith('.'))
        .map(({ wanted }) => posix.join(posix.dirname(path), wanted))
        .map((target) => (paths.has(target) ? target : target.replace(/\.js$/, '.ts')));
      return [path, targets.filter((target) => paths.has(target))];
    }),
  );
}

/** One problem for each way back that a depth-first walk finds. */
function cyclesIn(graph) {
  const problems = [];
  const done = new Set();
  const visit = (path, trail) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      problems.push({ file: path, message: `imports itself: ${[...trail.slice(start), path].map((step) => posix.basename(step)).join(' -> ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path)) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return problems;
}
