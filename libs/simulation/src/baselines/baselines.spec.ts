import { ANY_ITEM, type HonestPolicy } from '../policy.js';
import { settingOf, timetable } from '../setting.js';
import type { Setting } from '../world.js';
import { alosi } from './alosi.js';
import { courseOrder } from './course-order.js';
import { difficulty } from './difficulty.js';
import { gate } from './gate.js';
import { leastPractised } from './least-practised.js';
import { randomNeeded, randomOfAll, randomWalk } from './random.js';
import { targetsOnly } from './targets-only.js';
import { zpdes } from './zpdes.js';

/** 0 -> 1 -> 3 and 2 -> 3; 4 stands alone and is not needed. */
function chain(changed: Partial<Setting> = {}): Setting {
  const setting = settingOf({
    world: 'test',
    ids: Int32Array.of(0, 1, 2, 3, 4),
    target: Uint8Array.of(0, 0, 0, 1, 0),
    prerequisites: [[], [0], [], [1, 2], []].map((list) => Int32Array.from(list)),
    items: new Int32Array(5).fill(2),
    difficulties: Array.from({ length: 5 }, () => new Float64Array(2)),
    wearsOut: false,
    learnsNearOnly: false,
    timetable: timetable([0, 7], 10),
  });
  return { ...setting, ...changed };
}

/** The skills chosen when `right` says how each answer is. */
function chosen(policy: HonestPolicy, right: (skill: number, step: number) => boolean, { setting = chain(), steps = 8, noise = 0 } = {}): number[] {
  const run = policy.begin(setting, () => noise);
  return Array.from({ length: steps }, (_, step) => {
    const { skill, item } = run.choose(step);
    run.observe(step, skill, item === ANY_ITEM ? 0 : item, right(skill, step));
    return skill;
  });
}

const always = (): boolean => true;
const never = (): boolean => false;

describe('random policies', () => {
  it('take any needed skill, or any at all', () => {
    const across = (policy: HonestPolicy): number[] => [0, 0.3, 0.6, 0.999].map((noise) => chosen(policy, always, { steps: 1, noise })[0] ?? -1);
    expect(across(randomNeeded('random'))).toEqual([0, 1, 2, 3]);
    expect(across(randomOfAll('all'))).toEqual([0, 1, 3, 4]);
  });

  it('walk along the links of the graph', () => {
    expect(chosen(randomWalk('walk'), always, { noise: 0.999, steps: 3 })).toEqual([3, 3, 3]);
    expect(chosen(randomWalk('walk'), always, { noise: 0.5, steps: 3 })).toEqual([2, 3, 2]);
  });
});

it('course order gives every needed skill the same share, whatever the answers are', () => {
  const setting = chain();
  expect(chosen(courseOrder('order'), never, { setting, steps: setting.budget })).toEqual([0, 1, 2, 3].flatMap((skill) => new Array<number>(5).fill(skill)));
});

describe('a gate', () => {
  it('lets pass who has mastered the skill, and ends on the target that lies back longest', () => {
    expect(chosen(gate('gate', { masteredAt: 0.95, giveUpAfter: 0 }), always, { steps: 14 })).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]);
  });

  it('holds for ever who fails, unless it gives up', () => {
    expect(chosen(gate('gate', { masteredAt: 0.95, giveUpAfter: 0 }), never, { steps: 5 })).toEqual([0, 0, 0, 0, 0]);
    expect(chosen(gate('gate', { masteredAt: 0.95, giveUpAfter: 2 }), never, { steps: 12 })).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1]);
  });
});

describe('difficulty', () => {
  it('stays where the aim is met, passes what is mastered, and falls back on the first skill', () => {
    expect(chosen(difficulty('high', 0.85), always, { steps: 14 })).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0]);
  });

  it('counts what is forgotten: a week later a skill is at the aim that was above it', () => {
    const run = difficulty('half', 0.5).begin(chain(), () => 0);
    run.observe(0, 0, 0, true);
    expect(run.choose(1).skill).toBe(1);
    expect(run.choose(10).skill).toBe(0);
  });

  it('takes the item whose difficulty comes nearest', () => {
    const difficulties = Array.from({ length: 5 }, () => Float64Array.of(2, -2));
    const run = (aim: number): number => difficulty('d', aim).begin(chain({ difficulties }), () => 0).choose(0).item;
    expect([run(0.1), run(0.9)]).toEqual([0, 1]);
  });
});

describe('ALOSI', () => {
  it('holds back what rests on unknown skills', () => {
    expect(new Set(chosen(alosi('alosi'), never))).toEqual(new Set([0]));
    expect(chosen(alosi('alosi'), always, { steps: 4 })).toEqual([0, 2, 1, 3]);
  });

  it('avoids used items where they wear out', () => {
    const policy = alosi('alosi');
    const items = (wearsOut: boolean): number[] => {
      const run = policy.begin(chain({ wearsOut }), () => 0);
      return [0, 1].map((step) => {
        const { skill, item } = run.choose(step);
        run.observe(step, skill, item, false);
        return item;
      });
    };
    expect(items(false)).toEqual([0, 0]);
    expect(items(true)).toEqual([0, 1]);
  });
});

describe('ZPDES', () => {
  it('opens a skill when what it rests on goes well', () => {
    expect(new Set(chosen(zpdes('z', 0.75), never, { noise: 0.999, steps: 20 }))).toEqual(new Set([2]));
    expect(chosen(zpdes('z', 0.75), always, { noise: 0.999, steps: 20 })).toContain(3);
    expect(chosen(zpdes('z', 0.75), always, { noise: 0, steps: 3 })).toEqual([0, 0, 0]);
  });

  it('is done with a skill after four right in a row', () => {
    expect(chosen(zpdes('z', 0.75), always, { noise: 0, steps: 6 })).toEqual([0, 0, 0, 0, 1, 1]);
  });
});

describe('least-practised', () => {
  it('spreads over what is within reach', () => {
    expect(chosen(leastPractised('least'), never, { steps: 4 })).toEqual([0, 2, 0, 2]);
    expect(chosen(leastPractised('least'), always, { steps: 6 })).toEqual([0, 1, 2, 3, 0, 1]);
  });

  it('stays near the last skill where nothing else is learned', () => {
    expect(chosen(leastPractised('least'), always, { setting: chain({ learnsNearOnly: true }), steps: 4 })).toEqual([0, 1, 3, 2]);
  });
});

it('targets-only leaves out what the targets rest on', () => {
  for (const policy of [randomNeeded('r'), gate('g', { masteredAt: 0.95, giveUpAfter: 2 }), leastPractised('l')]) expect(new Set(chosen(targetsOnly(policy), never))).toEqual(new Set([3]));
});
