// What a model card is written from: plain numbers and texts, null where nothing was measured.

export interface CardInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/** How much more the AUC of a model is than it was under the calibration in force, on the same draws of learners. */
export interface CardGain extends CardInterval {
  readonly model: string;
  readonly auc: number | null;
}

export interface CardFigures {
  readonly model: string;
  /** Answers it was judged on. */
  readonly n: number;
  readonly auc: number | null;
  /** 95 %, over learners drawn anew (`pairedBootstrap`). */
  readonly aucInterval?: CardInterval | null;
  readonly logLoss: number | null;
  readonly brier: number | null;
  readonly ece: number | null;
  readonly rmse: number | null;
}

export interface CardReliability {
  readonly model: string;
  /** As `reliability` gives them; empty ones are left out. */
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly n: number;
    readonly meanPredicted: number | null;
    readonly shareRight: number | null;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** One group of one column that the answers were cut by. */
export interface CardGroup {
  readonly column: string;
  readonly group: string;
  readonly learners: number;
  readonly answers: number;
  readonly meanPredicted: number | null;
  readonly shareRight: number | null;
  /** Mean prediction less share right, with its interval. */
  readonly gap: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: 'flagged' | 'fine' | 'too-small';
}

export interface CardFlaw {
  readonly model: string;
  readonly subject: string;
  readonly kind: string;
  /** Says what stands instead. */
  readonly detail: string;
  readonly blocks: boolean;
}

export interface CardItem {
  /** Its id. */
  readonly item: string;
  readonly kind: string;
  readonly detail: string;
}

export interface ModelCardInput {
  /** Its name; null while it has none. */
  readonly calibration: string | null;
  /** Version of the program that fitted it. */
  readonly engine: string;
  /** Of the log, inclusive; null where it was fitted on a file. */
  readonly positions: { readonly from: string | null; readonly to: string | null };
  /** Milliseconds since 1970; null without times. */
  readonly times: { readonly first: number | null; readonly last: number | null };
  /** That it was fitted on. */
  readonly learners: number;
  readonly answers: number;
  /** Distinct ones among those answers. */
  readonly skills: number | null;
  readonly items: number | null;
  /** Learners left out, because they are others under a second id. */
  readonly twins: number;
  /** One learner of so many is held out, and how many that were. */
  readonly heldOutOf: number;
  readonly heldOutLearners: number;
  readonly seed: number;
  readonly seconds: number | null;
  /** On held-out learners, and those of the calibration that was in force on the same answers. */
  readonly heldOut: readonly CardFigures[];
  readonly before: { readonly calibration: string; readonly figures: readonly CardFigures[]; readonly gains?: readonly CardGain[] | null } | null;
  readonly reliability: readonly CardReliability[];
  /** Null where nobody said which groups there are. */
  readonly groups: readonly CardGroup[] | null;
  readonly flaws: readonly CardFlaw[];
  /** Null where items were not looked at. */
  readonly badItems: { readonly tested: number; readonly tooFew?: number | null; readonly found: readonly CardItem[] } | null;
  /** The parameters of recall: the published ones of FSRS-6, those of the calibration before, or fitted with this one. */
  readonly recall: 'published' | 'kept' | 'fitted';
}
