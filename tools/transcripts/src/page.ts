// Markdown that a teacher can read: tables, quotes, and what a learner was given with its reasons.
import type { Item } from '@trellis/learning';
import type { RecommendationBody } from '@trellis/recommendation';
import type { Step } from './lesson.js';

/** A title that is longer is cut here, in tables. */
const TITLE_MAX = 110;

/** Of one learner in one lesson. */
const STEPS_MAX = 12;

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map((each) => cell(String(each))).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Signs that Markdown would take for its own. */
export function plain(text: string): string {
  return text.replaceAll(/([\\`*_<>[\]])/g, '\\$1');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function titleOf({ title, id }: Item, max = TITLE_MAX): string {
  const text = title ?? id;
  return plain(text.length <= max ? text : `${text.slice(0, text.lastIndexOf(' ', max))} ...`);
}

/** In words: lesson or tier, modality, interests. */
export function tagsOf({ kind, tier, modality, interests, product }: Item): string {
  return [kind === 'lesson' ? 'lesson' : (tier ?? ''), modality ?? '', product ?? '', (interests ?? []).join('/')].filter((each) => each !== '').join(', ');
}

export function teacherWhy(given: RecommendationBody, item: Item): string {
  const chosen = given.items.find((each) => each.item === item.id);
  return plain([chosen?.reason.teacher, ...(chosen?.fitted ?? []).map(({ teacher }) => teacher)].filter((each) => each !== undefined).join(' '));
}

export function learnerWhy(given: RecommendationBody, item: Item): string {
  const chosen = given.items.find((each) => each.item === item.id);
  return plain([chosen?.reason.text, ...(chosen?.fitted ?? []).map(({ text }) => text)].filter((each) => each !== undefined).join(' '));
}

export function outcome({ item, isRight }: Pick<Step, 'item' | 'isRight'>): string {
  if (item === null) return '';
  if (item.kind === 'lesson') return 'done';
  return isRight === null ? 'handed in' : isRight ? 'right' : 'wrong';
}

/** What one learner did, a line each; the first ones, if there are many. */
export function stepTable(steps: readonly Step[], max = STEPS_MAX): string {
  const left = steps.length - max;
  return `${stepsIn(steps.slice(0, max))}${left > 0 ? `\n\n... and ${left} more.` : ''}`;
}

function stepsIn(steps: readonly Step[]): string {
  return table(
    ['minute', 'given', 'what kind', 'answer', 'why (to the teacher)', 'why (to the learner)'],
    steps.map((step) =>
      step.item === null
        ? [step.minute, `(${step.given.pacing.action})`, '', '', plain(step.given.pacing.reason.teacher), plain(step.given.pacing.reason.text)]
        : [step.minute, titleOf(step.item), tagsOf(step.item), outcome(step), teacherWhy(step.given, step.item), learnerWhy(step.given, step.item)],
    ),
  );
}

/** Names in a sentence. */
export function listed(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
