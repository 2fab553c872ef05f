// What the scripts read of the answers of the services.
import type { Reason } from '@trellis/learning';

export interface Told extends Reason {
  /** For the learner. */
  readonly text: string;
  readonly teacher: string;
}

export interface BoardRow {
  readonly learner: string;
  readonly aim: { readonly title: string; readonly by: string; readonly mastered: number; readonly needed: number };
  readonly strategy: { readonly name: string; readonly source: string; readonly phase?: string };
  readonly readiness: { readonly readiness: number };
  readonly working: { readonly skills: readonly { readonly skill: string; readonly title: string }[] } | null;
  readonly flags: readonly { readonly flag: string; readonly skill?: string; readonly reason: Told }[];
}

export interface Board {
  readonly phase: string | null;
  readonly learners: readonly BoardRow[];
  readonly totals: { readonly learners: number; readonly done: number; readonly mastered: number; readonly flags: Readonly<Record<string, number>> };
  readonly pace: { readonly reason: Told; readonly dates: readonly { readonly reason: Told }[] };
}

export interface Group {
  readonly group: string;
  readonly title: string;
  readonly learners: readonly string[];
  readonly kind: string;
  readonly about?: string;
}

export interface Groups {
  readonly groups: readonly Group[];
  readonly suggestion: {
    readonly kind: string;
    readonly title: string;
    readonly groups: readonly (Group & { readonly reason: Told; readonly readiness: { readonly low: number; readonly high: number; readonly mean: number } })[];
    readonly notes: readonly { readonly learner: string; readonly group: string | null; readonly reason: Told }[];
  };
}

export interface Mastery {
  readonly skills: readonly { readonly skill: string; readonly mastery: number; readonly status: string }[];
}

export interface Plan {
  readonly aim: { readonly title: string; readonly by: string };
  readonly goals: readonly { readonly goal: string; readonly title: string; readonly work: { readonly items: number; readonly open: number; readonly needed: number } | null; readonly date: { readonly holds: boolean | null; readonly reason: Told } | null }[];
  readonly selfAssessments: readonly { readonly skill: string; readonly agreement: string; readonly reason: Told }[];
}

export interface Assessment {
  readonly assessment: string;
  readonly items: readonly { readonly item: string; readonly skill: string; readonly score: number | null }[];
  readonly certified: readonly { readonly skill: string; readonly title: string; readonly right: number; readonly asked: number; readonly reason: Told }[];
  readonly missing: readonly { readonly skill: string; readonly title: string; readonly why: string; readonly reason: Told }[];
}

export interface Placement {
  readonly placement: string;
  readonly question: { readonly item: string } | null;
  readonly conclusion: { readonly questions: number; readonly why: string; readonly reason: Told; readonly skills: readonly { readonly skill: string; readonly title: string; readonly known: number; readonly basis: string }[] } | null;
}
