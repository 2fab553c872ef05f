// The table of variables as the README prints it, between two comments that mark its place.

import { ENVIRONMENT } from './config.js';

const BEGIN = '<!-- environment -->';
const END = '<!-- /environment -->';

/** The same text with the table as it is now. */
export function withEnvironmentTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`the table of variables has no place: a line ${BEGIN} and below it a line ${END} must mark it`);
  return `${text.slice(0, begin)}${BEGIN}\n${environmentTable()}\n${text.slice(end)}`;
}

function environmentTable(): string {
  const code = (text: string | null): string => (text === null ? '' : `\`${text}\``);
  const rows = ENVIRONMENT.map((variable) => `| ${code(variable.name)} | ${code(variable.default)} | ${variable.description} |`);
  return ['| variable | default | what |', '| --- | --- | --- |', ...rows].join('\n');
}
