// Rules about the projects of the workspace and what their manifests say.
import { posix } from 'node:path';

const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
const SPEC = /\.spec\.(ts|mjs)$/;
const TYPES = ['kernel', 'domain', 'adapter', 'platform', 'app', 'composition', 'wiring', 'tool'].map((type) => `type:${type}`);

export const projectRules = [
  {
    rule: 'exact-version',
    find: ({ files }) =>
      files
        .filter(({ path }) => /(^|\/)package\.json$/.test(path))
        .flatMap(({ path, text }) => {
          const manifest = JSON.parse(text);
          return ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies', 'overrides']
            .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
            .filter(([, version]) => typeof version !== 'string' || !EXACT.test(version))
            .map(([name, version]) => ({ file: path, message: `${name} must have an exact version, not ${JSON.stringify(version)}` }));
        }),
  },
  {
    rule: 'project-type',
    find: ({ projects }) =>
      projects
        .filter(({ manifest }) => (manifest.nx?.tags ?? []).filter((tag) => TYPES.includes(tag)).length !== 1)
        .map(({ folder }) => ({ file: `${folder}/package.json`, message: `nx.tags needs exactly one of ${TYPES.join(', ')}` })),
  },
  {
    rule: 'project-spec',
    find: ({ projects, files }) =>
      projects
        .filter(({ folder }) => !files.some(({ path }) => path.startsWith(`${folder}/`) && SPEC.test(path)))
        .map(({ folder }) => ({ file: `${folder}/package.json`, message: 'a project has at least one spec' })),
  },
  {
    rule: 'project-scripts',
    find: ({ projects }) =>
      projects.flatMap(({ folder, manifest, references }) =>
        ['test', 'lint', ...(references === undefined ? [] : ['build'])]
          .filter((script) => manifest.scripts?.[script] === undefined)
          .map((script) => ({ file: `${folder}/package.json`, message: `scripts.${script} is missing: nx would pass the project over` })),
      ),
  },
  {
    // A project whose lint reads other files, or none, would escape the laws of its type.
    rule: 'project-lint',
    find: ({ projects }) =>
      projects
        .filter(({ manifest }) => manifest.scripts?.lint !== undefined && !/^eslint \.( |$)/.test(manifest.scripts.lint))
        .map(({ folder }) => ({ file: `${folder}/package.json`, message: 'scripts.lint must be `eslint .`' })),
  },
  {
    rule: 'references',
    find: ({ projects, files }) => [
      ...projects.filter(({ references }) => references !== undefined).flatMap((project) => differences(project, projects)),
      ...missingFromRoot(projects, files),
    ],
  },
];

/** TypeScript builds by `references`, npm and Nx by `dependencies`: both name the same projects. */
function differences({ folder, manifest, references }, projects) {
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  const wanted = projects.filter(({ name }) => name in declared).map((target) => target.folder);
  const present = references.map((path) => posix.join(folder, path));
  const file = `${folder}/tsconfig.json`;
  return [
    ...wanted.filter((target) => !present.includes(target)).map((target) => ({ file, message: `references lack ${target}, which package.json depends on` })),
    ...present.filter((target) => !wanted.includes(target)).map((target) => ({ file, message: `references name ${target}, which package.json does not depend on` })),
  ];
}

/** The root's tsconfig.json is what an editor and a plain `tsc -b` start from. */
function missingFromRoot(projects, files) {
  const root = files.find(({ path }) => path === 'tsconfig.json');
  if (root === undefined) return [];
  const listed = (JSON.parse(root.text).references ?? []).map(({ path }) => posix.normalize(path));
  return projects
    .filter(({ folder, references }) => references !== undefined && !listed.includes(folder))
    .map(({ folder }) => ({ file: 'tsconfig.json', message: `references lack ${folder}` }));
}
