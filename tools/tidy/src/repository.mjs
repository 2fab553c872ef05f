// What tidy looks at: every file that git knows or would add, and the projects of the workspace among them.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LISTING_BYTES_MAX = 64 * 1024 * 1024;
const TEXT = /\.(ts|mts|cts|mjs|cjs|js|json|md|ya?ml|sh|py|sql|toml|html|css|txt|conf)$|(^|\/)(Dockerfile|\.ci\/run|\.gitignore|\.npmrc|\.swcrc)[^/]*$/;
const TEXT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * @typedef {{ path: string, text: string | undefined }} File `text` is undefined for what is not text
 * @typedef {{ name: string, folder: string, manifest: Record<string, any>, references: string[] | undefined }} Project
 * @typedef {{ files: File[], projects: Project[] }} Repository
 */

/** @returns {Repository} */
export function load(root) {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, maxBuffer: LISTING_BYTES_MAX });
  const paths = [...new Set(listing.toString().split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
  return repositoryOf(paths.sort().map((path) => ({ path, text: textOf(root, path) })));
}

/** @returns {Repository} */
export function repositoryOf(files) {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const projects = files
    .filter(({ path }) => /^(libs|apps|tools)\/[^/]+\/package\.json$/.test(path))
    .map(({ path, text }) => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const manifest = JSON.parse(text);
      const config = texts.get(`${folder}/tsconfig.json`);
      const references = config === undefined ? undefined : (JSON.parse(config).references ?? []).map((reference) => reference.path);
      return { name: manifest.name, folder, manifest, references };
    });
  return { files, projects };
}

function textOf(root, path) {
  if (!TEXT.test(path)) return undefined;
  const bytes = readFileSync(join(root, path));
  return bytes.length > TEXT_BYTES_MAX ? undefined : bytes.toString('utf8');
}
