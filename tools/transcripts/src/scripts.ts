// Every script by name, and where its page stands.
import { blended } from './blended.js';
import { differentiated } from './differentiated.js';
import { fiveLearners } from './five-learners.js';
import { individualized } from './individualized.js';
import { personalized } from './personalized.js';
import type { Transcript } from './transcript.js';

export const SCRIPTS: Readonly<Record<string, () => Promise<Transcript>>> = { differentiated, individualized, personalized, blended, 'five-learners': fiveLearners };

const PAGES = new URL('../../../docs/transcripts/', import.meta.url);

export function pageOf(name: string): URL {
  return new URL(`${name}.md`, PAGES);
}

/** As it stands in its file: written by a program, to be changed there. */
export function textOf({ markdown }: Transcript): string {
  const lines = markdown.replaceAll(/\n{3,}/g, '\n\n').trimEnd();
  return `${lines}\n\n---\n\nWritten by \`npm run transcripts\`: the script is in \`tools/transcripts\`, and every line above that gives a reason is what the engine answered over HTTP.\n`;
}
