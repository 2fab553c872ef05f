import { DEFAULT_CALIBRATION } from '../calibration.js';
import { newPlacement, newPlacementSkill, observePlacement, PLACEMENT_WIDTH, placementFeatures, type PlacementSkill } from '../placement.js';
import { logistic } from '../ability.js';
import { randomLog } from '../testing/random-log.js';
import { easinessOfItem, easinessOfSkills } from './difficulties.js';
import { FeatureWriter, PLACEMENT_NAMES, PREDICTION_FEATURES, PREDICTION_WIDTH, SIMPLE_FEATURES, SIMPLE_WIDTH } from './features.js';
import { fitPrediction } from './prediction-fit.js';
import { newRunningState, observeAnswer, type Asked } from './running-state.js';

const { ability } = DEFAULT_CALIBRATION;
const ITEMS = 30;
const { tables } = fitPrediction(randomLog({ seed: 8, learners: 30, answers: 80, items: ITEMS }), { seed: 1, seenAtLeast: 1 });
const { difficulties, statics, transitions } = tables;

/** Answers of one learner whom the tables do not know. */
const answers: readonly (Asked & { readonly right: number })[] = (() => {
  const { item, combination, right } = randomLog({ seed: 99, learners: 1, answers: 120, items: ITEMS });
  return Array.from(item, (number, row) => ({ item: number, combination: combination[row] ?? 0, right: right[row] ?? 0 }));
})();

describe('the features of a question', () => {
  it('are 96, each with a name of its own', () => {
    expect(PREDICTION_WIDTH).toBe(96);
    expect(new Set(PREDICTION_FEATURES).size).toBe(96);
    // Where each part begins.
    expect(['o_logn', 's_logn', 's_phi_min', 'bi', 'skpy', 'iw_dec60', 'cw_dec60'].map((name) => PREDICTION_FEATURES.indexOf(name))).toEqual([0, 28, 51, 61, 68, 84, 92]);
  });

  it('agree with those of placement bit by bit, whatever happened', () => {
    const learner = newPlacement(ability);
    const skills = new Map<number, PlacementSkill>();
    const expected = new Float64Array(PLACEMENT_WIDTH);
    eachAnswer((row, { item, combination, right }) => {
      const numbers = [...(tables.combinations[combination] ?? [])];
      const easiness = { item: easinessOfItem(difficulties, item, combination), skills: easinessOfSkills(difficulties, combination) };
      placementFeatures(learner, numbers.map((number) => skills.get(number) ?? newPlacementSkill(ability)), easiness, expected);
      expect(PLACEMENT_NAMES.map((name) => row(name))).toEqual([...expected]);
      const touched = numbers.map((number) => {
        const skill = skills.get(number) ?? newPlacementSkill(ability);
        skills.set(number, skill);
        return skill;
      });
      observePlacement(learner, touched, right, easiness, ability);
    });
  });

  it('are the same in the simple selection', () => {
    const writer = new FeatureWriter(tables);
    const simple = new Float64Array(SIMPLE_WIDTH);
    eachAnswer((row, asked, state) => {
      writer.writeSimple(state, asked, simple);
      expect([...simple]).toEqual(SIMPLE_FEATURES.map((name) => row(name)));
    });
  });

  it('are all numbers, also of what nobody has seen', () => {
    const writer = new FeatureWriter(tables);
    const out = new Float64Array(PREDICTION_WIDTH);
    const state = newRunningState(tables);
    for (const asked of [{ item: 5_000, combination: 0 }, { item: -1, combination: 1 }, { item: 0, combination: 77 }, { item: -1, combination: -1 }]) {
      writer.write(state, asked, out);
      expect(out.every((value) => Number.isFinite(value))).toBe(true);
      observeAnswer(state, tables, asked, 1);
    }
  });
});

describe('counting from the whole history, the slow way', () => {
  it('gives what the running state gives', () => {
    eachAnswer((row, asked, _state, before) => {
      const all = over(before.map(({ right }) => right), before.map(surpriseOf));
      for (const [name, value] of Object.entries({ ...named('o', all, [0.7, 0.9, 0.98], 8, 5), o_nsk: Math.log(1 + new Set(before.flatMap(skillsOf)).size) })) {
        expect({ name, value: row(name) }).toEqual({ name, value: expect.closeTo(value, 9) });
      }
      const sets = skillsOf(asked).map((skill) => before.filter((one) => skillsOf(one).includes(skill)));
      const each = sets.map((own) => {
        const last = before.findLastIndex((one) => own.at(-1) === one);
        const gap = last < 0 ? 0 : Math.log(1 + before.length - last);
        return { ...named('s', over(own.map(({ right }) => right), own.map(surpriseOf)), [0.5, 0.8, 0.95], 5, 3), s_gap: gap, s_first: own.length === 0 ? 1 : 0, s_RV: spread(own) };
      });
      for (const name of Object.keys(each[0] ?? {}) as (keyof (typeof each)[number])[]) {
        const mean = each.reduce((sum, one) => sum + one[name], 0) / each.length;
        expect({ name, value: row(String(name)) }).toEqual({ name, value: expect.closeTo(mean, 9) });
      }
      const onItem = before.filter(({ item }) => item === asked.item);
      const lastOn = before.findLastIndex(({ item }) => item === asked.item);
      const run = runOf([...before, asked]);
      const context = {
        o_RV: spread(before),
        s_logn_min: Math.log(1 + Math.min(...sets.map((own) => own.length))),
        skills: sets.length - 1,
        same: run > 1 ? 1 : 0,
        same_run: run > 1 ? Math.log(run) : 0,
        i_logn: Math.log(1 + onItem.length),
        i_logw: Math.log(1 + onItem.filter(({ right }) => right === 1).length),
        i_last: onItem.length === 0 ? 0 : 2 * (onItem.at(-1)?.right ?? 0) - 1,
        i_gap: lastOn < 0 ? 0 : Math.log(1 + before.length - lastOn),
      };
      for (const [name, value] of Object.entries(context)) expect({ name, value: row(name) }).toEqual({ name, value: expect.closeTo(value, 9) });
    });
  });

  it('gives what the tables give', () => {
    const share = (right: number, count: number, mean: number, drawn: number) => (right + drawn * mean) / (count + drawn);
    eachAnswer((row, { item, combination }) => {
      const ofSkills = share(statics.combinationRight[combination] ?? 0, difficulties.combinationCount[combination] ?? 0, statics.rightShare, 20);
      const ofItem = share(statics.itemRight[item] ?? 0, difficulties.itemCount[item] ?? 0, ofSkills, 5);
      expect(row('raw')).toBeCloseTo(Math.log(ofItem / (1 - ofItem)), 9);
      expect(row('i_after_right')).toBe(statics.itemAfterRight[item]);
      expect(row('log_ni')).toBe(Math.log(1 + (difficulties.itemCount[item] ?? 0)));
    });
  });

  it('gives what the transitions of the last answers give', () => {
    const { keys, slots } = { keys: transitions.numbers.keys, slots: transitions.sums };
    eachAnswer((row, { item }, _state, before) => {
      const entries = before.slice(-20).reverse().map((one) => {
        const at = keys.indexOf(((one.item * 2 ** 22 + item) * 9 + one.right) * 16 + 8);
        return { g: slots.surprise[at] ?? 0, h: slots.variance[at] ?? 0 };
      });
      const effects = [...entries.map(({ g, h }) => g / (h + 3)), ...Array.from({ length: 20 - entries.length }, () => 0)];
      const [g, h] = [entries.reduce((sum, one) => sum + one.g, 0), entries.reduce((sum, one) => sum + one.h, 0)];
      const expected = {
        iw_dec60: effects.reduce((sum, effect, back) => sum + 0.6 ** back * effect, 0),
        iw_dec85: effects.reduce((sum, effect, back) => sum + 0.85 ** back * effect, 0),
        iw_dec95: effects.reduce((sum, effect, back) => sum + 0.95 ** back * effect, 0),
        iw_pool: g / (h + 6),
        iw_poolc: Math.log(1 + h),
        iw_max: Math.max(...effects),
        iw_min: Math.min(...effects),
        iw_cnt: entries.filter((one) => one.h > 0).length / 20,
      };
      for (const [name, value] of Object.entries(expected)) expect({ name, value: row(name) }).toEqual({ name, value: expect.closeTo(value, 9) });
    });
  });
});

type Answer = (typeof answers)[number];

function eachAnswer(check: (row: (name: string) => number, answer: Answer, state: ReturnType<typeof newRunningState>, before: readonly Answer[]) => void): void {
  const writer = new FeatureWriter(tables);
  const out = new Float64Array(PREDICTION_WIDTH);
  const state = newRunningState(tables);
  for (const [n, answer] of answers.entries()) {
    writer.write(state, answer, out);
    check((name) => out[PREDICTION_FEATURES.indexOf(name)] ?? NaN, answer, state, answers.slice(0, n));
    observeAnswer(state, tables, answer, answer.right);
  }
}

function skillsOf({ combination }: Asked): readonly number[] {
  return [...(tables.combinations[combination] ?? [])];
}

function surpriseOf({ item, combination, right }: Answer): number {
  return right - logistic(easinessOfItem(difficulties, item, combination));
}

function spread(own: readonly Answer[]): number {
  const p = own.map((one) => one.right - surpriseOf(one));
  return own.reduce((sum, one) => sum + surpriseOf(one), 0) / (1 + p.reduce((sum, one) => sum + one * (1 - one), 0));
}

interface Counted {
  readonly rights: readonly number[];
  readonly surprises: readonly number[];
}

function over(rights: readonly number[], surprises: readonly number[]): Counted {
  return { rights, surprises };
}

/** How many of the last answers, this one included, had the first skill of the one before among theirs, without a gap. */
function runOf(asked: readonly Asked[]): number {
  let run = 1;
  for (let n = asked.length - 1; n > 0; n--) {
    const [now, earlier] = [asked[n], asked[n - 1]];
    if (now === undefined || earlier === undefined || !skillsOf(now).includes(skillsOf(earlier)[0] ?? -1)) break;
    run++;
  }
  return run;
}

function named(prefix: string, { rights, surprises }: Counted, fadings: readonly number[], last: number, lastSurprises: number): Record<string, number> {
  const right = rights.filter((one) => one === 1).length;
  const faded = (values: readonly number[], by: number) => values.reduce((sum, value) => by * sum + value, 0);
  const ones = rights.map(() => 1);
  const back = (values: readonly number[], n: number) => values[values.length - n];
  const sinceChange = rights.length - 1 - rights.findLastIndex((one) => one !== rights.at(-1));
  return {
    [`${prefix}_logn`]: Math.log(1 + rights.length),
    [`${prefix}_logw`]: Math.log(1 + right),
    [`${prefix}_logl`]: Math.log(1 + rights.length - right),
    [`${prefix}_streak`]: rights.length === 0 ? 0 : Math.min(10, sinceChange) * (rights.at(-1) === 1 ? 1 : -1),
    ...Object.fromEntries(fadings.map((by) => [`${prefix}_dec${Math.round(100 * by)}`, (faded(rights, by) + 0.65) / (faded(ones, by) + 1)])),
    ...Object.fromEntries(fadings.map((by) => [`${prefix}_rdec${Math.round(100 * by)}`, faded(surprises, by) / (faded(ones, by) + 1)])),
    ...Object.fromEntries(Array.from({ length: last }, (_, n) => [`${prefix}_last${n + 1}`, 2 * (back(rights, n + 1) ?? 0.5) - 1])),
    ...Object.fromEntries(Array.from({ length: lastSurprises }, (_, n) => [`${prefix}_lres${n + 1}`, back(surprises, n + 1) ?? 0])),
  };
}
