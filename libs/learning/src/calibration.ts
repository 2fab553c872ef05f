// The aggregate of a tenant's calibrations: model parameters, published whole, one of them in force.
import type { Decider, DomainEvent } from '@trellis/event-sourcing';
import type { AbilityParameters, BktParameters, WheelSpin } from '@trellis/mastery';
import type { ItemId, SkillId } from './ids.js';
import { inParts } from './parts.js';

// --- Events: stored for ever. Add optional fields; never rename, retype or reuse a name. ---

export interface FittedSkill extends BktParameters {
  readonly skill: SkillId;
}

export interface FittedItem {
  readonly item: ItemId;
  /** Logits above `ability.base` and the easiness of its skills. */
  readonly easiness: number;
}

export interface FittedCombination {
  readonly skills: readonly SkillId[];
  /** Logits above `ability.base`. */
  readonly easiness: number;
}

/** A logistic regression over named features, which are standardised by `mean` and `sd` first. */
export interface FittedLogistic {
  readonly features: readonly string[];
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  readonly weights: readonly number[];
  readonly intercept: number;
}

export interface Figures {
  readonly model: string;
  readonly n: number;
  readonly auc: number | null;
  readonly logLoss: number | null;
  readonly brier: number | null;
  readonly ece: number | null;
  readonly rmse: number | null;
}

export interface FitFlaw {
  readonly model: string;
  /** Which skill, item or parameter. */
  readonly subject: string;
  readonly kind: string;
  readonly detail: string;
  /** True where nothing took the place of what was fitted: the calibration must not go live. */
  readonly blocks: boolean;
}

export interface CalibrationReport {
  /** Version of the program that fitted it. */
  readonly engine: string;
  /** Of the log, inclusive; null where it was fitted on a file. */
  readonly positions: { readonly from: string | null; readonly to: string | null };
  /** Milliseconds since 1970; null without times. */
  readonly times: { readonly first: number | null; readonly last: number | null };
  /** That it was fitted on. */
  readonly learners: number;
  readonly answers: number;
  /** That it was judged on; no calibration is ever fitted on them. */
  readonly heldOutLearners: number;
  /** Left out, because they are other learners under a second id. */
  readonly twins: number;
  readonly seed: number;
  readonly seconds: number;
  /** On learners that the models which made them had not seen. */
  readonly heldOut: readonly Figures[];
  /** The calibration that was in force then, on the same answers. */
  readonly before: { readonly calibration: string; readonly figures: readonly Figures[] } | null;
  readonly flaws: readonly FitFlaw[];
  /** Whether it was fitted, and why. A sentence. */
  readonly recall: string;
  /** Items that behave badly; the card names the first. */
  readonly badItems: number;
  /** Markdown. */
  readonly card: string;
}

/** Of a report: it is written whole into one event. */
export const FLAWS_MAX = 300;

/** What the closing part holds. */
export interface CalibrationHead {
  readonly bkt: BktParameters;
  readonly ability: AbilityParameters;
  readonly placement: FittedLogistic | null;
  readonly recall: { readonly weights: readonly number[] };
  readonly masteredAt: number;
  readonly reviewBelow: number;
  readonly wheelSpin: WheelSpin;
  readonly report: CalibrationReport;
}

export interface CalibrationDocument extends CalibrationHead {
  readonly skills: readonly FittedSkill[];
  readonly combinations: readonly FittedCombination[];
  readonly items: readonly FittedItem[];
}

/** One part. The calibration can be activated once its last part is there. */
export type CalibrationPublished = DomainEvent<
  'CalibrationPublished',
  {
    readonly calibration: string;
    /** From 1. */
    readonly part: number;
    readonly parts: number;
    /** Of the whole content. */
    readonly digest: string;
    readonly skills: readonly FittedSkill[];
    readonly combinations: readonly FittedCombination[];
    readonly items: readonly FittedItem[];
    readonly head: CalibrationHead | null;
  }
>;

export type CalibrationActivated = DomainEvent<'CalibrationActivated', { readonly calibration: string; readonly before: string }>;

// --- State: what was published and what is in force, without the parameters ---

export interface PublishedCalibration {
  readonly id: string;
  readonly digest: string;
  /** Without its card; of its flaws those that block. */
  readonly report: Omit<CalibrationReport, 'card'>;
}

export interface CalibrationState {
  /** The number of the newest, whole or not. */
  readonly newest: number;
  readonly published: readonly PublishedCalibration[];
  /** Parts of one that is not whole yet. */
  readonly parts: number;
  readonly active: string;
}

const LISTED_MAX = 5;

/** In force where none was activated; part of the program. */
export const BUILT_IN_CALIBRATION = 'default-1';

const evolve = (state: CalibrationState, { type, data }: DomainEvent): CalibrationState => {
  if (type === 'CalibrationActivated') return { ...state, active: (data as CalibrationActivated['data']).calibration };
  if (type !== 'CalibrationPublished') return state;
  const { calibration, part, parts, digest, head } = data as CalibrationPublished['data'];
  const begun = part === 1 ? { ...state, newest: state.newest + 1, parts: 0 } : state;
  // One of which a part was lost never becomes whole.
  if (part !== begun.parts + 1) return { ...begun, parts: 0 };
  if (part < parts || head === null) return { ...begun, parts: part };
  const { card: _, flaws, ...report } = head.report;
  const blocking = flaws.filter(({ blocks }) => blocks).slice(0, LISTED_MAX);
  return { ...begun, parts: 0, published: [...state.published, { id: calibration, digest, report: { ...report, flaws: blocking } }] };
};

// --- Decisions ---

export interface PublishCalibration {
  readonly type: 'PublishCalibration';
  readonly document: CalibrationDocument;
  /** Of the document. */
  readonly digest: string;
}

export interface ActivateCalibration {
  readonly type: 'ActivateCalibration';
  readonly calibration: string;
}

export type CalibrationRefusal = 'unknown-calibration' | 'degenerate-calibration' | 'too-many-calibrations';

/** Summaries of them all are in one row. */
export const CALIBRATIONS_MAX = 500;

type Rules = Decider<PublishCalibration | ActivateCalibration, CalibrationState, CalibrationPublished | CalibrationActivated, CalibrationRefusal>;

const decide: Rules['decide'] = (command, state) => {
  if (command.type === 'ActivateCalibration') return activate(command.calibration, state);
  const { document, digest } = command;
  if (state.published.some((known) => known.digest === digest)) return [];
  if (state.published.length >= CALIBRATIONS_MAX) {
    return { refused: 'too-many-calibrations', detail: `calibration: ${state.published.length} are published, the most that a tenant can have` };
  }
  const { skills, combinations, items, ...head } = document;
  const calibration = `c${state.newest + 1}`;
  // What closes it has a part of its own: it may be long.
  const slices = [...inParts({ skills, combinations, items }), { skills: [], combinations: [], items: [] }];
  return slices.map((slice, at) => ({
    type: 'CalibrationPublished',
    data: { calibration, part: at + 1, parts: slices.length, digest, ...slice, head: at + 1 === slices.length ? head : null },
  }));
};

function activate(calibration: string, { published, active }: CalibrationState): readonly CalibrationActivated[] | ReturnType<Rules['decide']> {
  if (calibration === active) return [];
  const known = published.find(({ id }) => id === calibration);
  if (known === undefined && calibration !== BUILT_IN_CALIBRATION) {
    const ids = [BUILT_IN_CALIBRATION, ...published.map(({ id }) => id)].slice(-LISTED_MAX).join(', ');
    return { refused: 'unknown-calibration', detail: `calibration: "${calibration}" is not published; name one of ${ids}` };
  }
  const blocking = known?.report.flaws ?? [];
  if (blocking.length > 0) {
    const listed = blocking.map(({ model, subject, detail }) => `${model}, ${subject}: ${detail}`);
    return { refused: 'degenerate-calibration', detail: `calibration: "${calibration}" cannot go live: ${listed.join('; ')}` };
  }
  return [{ type: 'CalibrationActivated', data: { calibration, before: active } }];
}

export const calibration: Rules = { initial: { newest: 0, published: [], parts: 0, active: BUILT_IN_CALIBRATION }, evolve, decide };
