// What the rules refuse, as a problem that names the field and the value: rules begin their sentence with the member that they speak of.
import type { Refusal } from '@trellis/event-sourcing';
import { Problem } from '@trellis/service';

/** As in `groups[0].learners[1]: "eve" is not enrolled`. */
const MEMBER = /^([A-Za-z]+(?:\[\d+\])?(?:\.[A-Za-z]+(?:\[\d+\])?)*): /;

/** `body`: what was sent. `within`: the member of it that the rules were given, where that is not the whole. */
export function refusalProblem({ refused, detail }: Refusal, status: 409 | 422, body: object, within?: string): Problem {
  const sentence = detail ?? `the rules refuse this: ${refused}`;
  const named = MEMBER.exec(sentence)?.[1];
  if (named === undefined) return new Problem(`refused:${refused}`, `${sentence}.`, { status });
  const [field, said] = within === undefined || named === within ? [named, sentence] : [`${within}.${named}`, `${within}.${sentence}`];
  const value = valueAt(body, field);
  return new Problem(`refused:${refused}`, `${said}.`, { status, field, ...(value === undefined ? {} : { value }) });
}

function valueAt(body: object, field: string): unknown {
  const names = field.split(/[.[\]]+/).filter((name) => name !== '');
  return names.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined), body);
}
