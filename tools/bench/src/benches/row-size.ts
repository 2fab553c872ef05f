// How large a learner's row is: it is read at every choice and written with every change.
import type { ItemId, SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { hash48, newLearner, newSkill } from '@trellis/views';
import type { Benchmark } from '../benchmark.js';
import { eventId, LEARNER_VIEW } from '../folded-learners.js';
import { BEGIN } from '../course-work.js';

const SKILLS = 50;
const ITEMS = 300;
const FURTHER = 100;
/** Ids of skills have 40 to 50 characters, 45 on average. */
const SKILL_ID_CHARACTERS = 45;

export const rowSize: Benchmark = {
  name: 'row-size',
  title: 'Size of a learner\'s row',
  prepare: async () => ({
    sides: [() => ({ row: bytesWith(ITEMS), further: (bytesWith(ITEMS + FURTHER) - bytesWith(ITEMS)) / FURTHER })],
    rows: [
      { what: `row of ${SKILLS} skills and ${ITEMS} answered items`, unit: 'bytes', figure: 'row', goals: [{ of: 'figure', atMost: 8_192 }] },
      { what: 'each further item', unit: 'bytes', figure: 'further', goals: [{ of: 'figure', atMost: 12 }] },
    ],
    notes: [`Ids of skills have ${SKILL_ID_CHARACTERS} characters on average; the lists of recent answers (20) and recommendations (4) are full.`],
    close: async () => undefined,
  }),
};

function bytesWith(items: number): number {
  const state = newLearner(DEFAULT_CALIBRATION);
  state.newest = { at: BEGIN, sequence: 0, id: eventId(0, items) };
  state.answers = items;
  for (let n = 0; n < SKILLS; n++) {
    const length = SKILL_ID_CHARACTERS - 5 + (n % 11);
    const id = `skill-${n}-`.padEnd(length, 'x') as SkillId; // keeps to the pattern of its kind
    state.skills.set(id, { ...newSkill(DEFAULT_CALIBRATION), answers: 12, right: 9, streak: 3, stability: 9, difficulty: 5, lastAt: BEGIN });
  }
  for (let n = 0; n < items; n++) state.items.add(hash48(`item-${n}` as ItemId), true, n + 1);
  for (let n = 0; n < 20; n++) state.recent.push({ item: hash48(`item-${n}`), recommendation: hash48(`made-${n}`) });
  for (let n = 0; n < 4; n++) state.offered.push({ recommendation: hash48(`made-${n}`), revision: 300 + n, items: [hash48(`item-${n}`)] });
  return LEARNER_VIEW.encode(state).length;
}
