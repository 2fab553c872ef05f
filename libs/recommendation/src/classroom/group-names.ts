// What suggested groups are called: the same reason gives the same name at every suggestion, so that a teacher's edits find their group again.
import type { Group } from '@trellis/learning';

export type SuggestedKind = Exclude<Group['kind'], 'own'>;

export const SUGGESTED_KINDS = ['shared-gap', 'mixed-readiness', 'interest', 'extension'] as const satisfies readonly SuggestedKind[];

/** `about`: a skill's id, an interest. */
export function groupName(kind: SuggestedKind, number: number, about?: string): string {
  return about === undefined ? `${kind}-${number}` : `${kind}-${number}.${slug(about)}`;
}

export interface NameParts {
  readonly kind: SuggestedKind;
  readonly number: number;
  readonly slug: string | null;
}

/** Null: a name that no suggestion gave. */
export function partsOf(name: string): NameParts | null {
  const match = /^([a-z-]+)-(\d{1,3})(?:\.(.+))?$/.exec(name);
  const kind = SUGGESTED_KINDS.find((each) => each === match?.[1]);
  return match === null || kind === undefined ? null : { kind, number: Number(match[2]), slug: match[3] ?? null };
}

/** In the letters of ids, whatever an interest is written in. */
export function slug(about: string): string {
  const plain = about.replaceAll(/[^A-Za-z0-9._:~-]+/g, '-').slice(0, 80);
  if (plain === about) return plain;
  let sum = 0;
  for (let n = 0; n < about.length; n++) sum = (Math.imul(sum, 31) + about.charCodeAt(n)) >>> 0;
  // Two interests in letters of another script would be the same dashes.
  return `${plain}~${sum.toString(36)}`;
}
