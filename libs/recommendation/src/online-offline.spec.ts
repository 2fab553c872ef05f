// What a learner's row foresees, answer after answer, is what a batch evaluation of the same answers says: bit by bit.
import type { Envelope, EventId, Position } from '@trellis/event-sourcing';
import { learnerStream, type AnswerData, type Item, type ItemId, type LearnerId, type SkillId, type TenantId } from '@trellis/learning';
import { calibrationDocument } from '@trellis/learning/testing';
import { calibratedMastery, calibratedPlacement, DEFAULT_CALIBRATION, predictions, rightProbability, bktOf, seeded, type AnswerLog, type Calibration } from '@trellis/mastery';
import { calibrationOf, learnerView, type LearnerState } from '@trellis/views';
import { ESTIMATES_2 } from './estimates.js';

const SKILLS = ['fractions', 'decimals', 'ratios', 'angles'];
const ITEMS = Array.from({ length: 30 }, (_, n) => `i${n}`);
/** Item n asks for these; some for several skills, which are named in any order. */
const skillsOf = (n: number): string[] => (n % 5 === 0 ? ['ratios', 'decimals'] : n % 7 === 0 ? ['angles', 'fractions', 'ratios'] : [SKILLS[n % 4] ?? '']);
const ANSWERS = 400;
const HOUR_MS = 3_600_000;

/** The casts name things: every text here keeps to the pattern of its kind. */
function history(seed: number): { readonly log: AnswerLog; readonly events: readonly Envelope[] } {
  const random = seeded(seed);
  const items = Array.from({ length: ANSWERS }, () => Math.floor(random() * ITEMS.length));
  const right = items.map((n) => random() < 0.4 + (n % 10) / 20);
  const numbers = ITEMS.map((_, n) => Int32Array.from(skillsOf(n), (skill) => SKILLS.indexOf(skill)));
  const log: AnswerLog = {
    vocabulary: { items: ITEMS, skills: SKILLS, combinations: numbers },
    learners: ['ana'],
    starts: Int32Array.of(0, ANSWERS),
    item: Int32Array.from(items),
    // Every item has a combination of its own here: what counts is which skills it holds.
    combination: Int32Array.from(items),
    right: Uint8Array.from(right, Number),
    at: Float64Array.from(items, (_, n) => n * HOUR_MS),
  };
  const events = items.map((item, n): Envelope => {
    const data: AnswerData = { item: ITEMS[item] as ItemId, skills: skillsOf(item) as SkillId[], score: right[n] === true ? 1 : 0, attempt: 1, hints: 0 };
    const id = `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId;
    return {
      id,
      type: 'AnswerGiven',
      digest: '0',
      bytes: new Uint8Array(0),
      stream: learnerStream('default' as TenantId, 'ana' as LearnerId),
      revision: n,
      position: String(n) as Position,
      recordedAt: n * HOUR_MS,
      meta: { source: 'spec', occurredAt: n * HOUR_MS, schema: 1 },
      data,
    };
  });
  return { log, events };
}

const published = (seed: number): Calibration => calibrationOf('c1', calibrationDocument({ seed, skills: SKILLS, items: ITEMS.slice(0, 20) }));

describe.each<[string, Calibration]>([
  ['the built-in calibration', DEFAULT_CALIBRATION],
  ['a published one', published(1)],
  ['another one', published(2)],
])('with %s', (_, calibration) => {
  it.each([1, 2, 3])('a row that is kept event by event foresees what the batch does, seed %i', (seed) => {
    const { log, events } = history(seed);
    const batch = { placement: predictions(calibratedPlacement(calibration, log.vocabulary), log), mastery: predictions(calibratedMastery(calibration, log.vocabulary), log) };
    const view = learnerView(() => calibration);
    let state: LearnerState = view.initial('default.ana');
    events.forEach((event, row) => {
      const n = log.item[row] ?? 0;
      const item: Item = { id: ITEMS[n] as ItemId, skills: skillsOf(n) as SkillId[], kind: 'practice' };
      expect(ESTIMATES_2.prediction(state, item, calibration)).toBe(batch.placement[row]);
      const shown = item.skills.map((skill) => rightProbability(state.skills.get(skill)?.known ?? bktOf(calibration, skill).prior, bktOf(calibration, skill)));
      expect(shown.reduce((sum, p) => sum + p, 0) / shown.length).toBe(batch.mastery[row]);
      // Stored and read again after every answer, as rows are.
      const next = view.fold(state, event);
      if (next === 'late') throw new Error(`answer ${row} is late`);
      state = view.decode(view.encode(next), 'default.ana');
    });
  });
});
