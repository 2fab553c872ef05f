import { settingsOf, type CourseId, type ObjectiveId, type Plan, type SinglePreset, type SkillId } from '@trellis/learning';
import { courseOf, NOW, situationOf, type Plot } from '../testing/situations.js';
import { aimOf, type Aim } from './objective.js';

const course = courseOf({ skills: { a: [], b: ['a'], c: ['b'], d: [] }, objectives: { ob: ['b'], oc: ['c'], od: ['d'] } });
const algebra = course.id;
const o = (id: string): ObjectiveId => id as ObjectiveId;
const own = (objective: string, locked = false, of: CourseId = algebra): Plan['objectives'] => [{ course: of, objective: o(objective), locked }];
const goal = (change: object): Plan['goals'] => [{ goal: 'g', course: algebra, at: NOW, ...change }];

function aim(preset: SinglePreset, plot: Omit<Plot, 'course'> = {}): Aim {
  return aimOf(situationOf({ course, ...plot }), { settings: settingsOf({ preset }) });
}

describe('what is worked towards', () => {
  it.each([
    // preset             plot                                                                                            by                     objective
    ['individualized',    {},                                                                                             'course',              null],
    ['individualized',    { change: { objective: o('ob') } },                                                             'request',             'ob'],
    ['individualized',    { past: { plan: { objectives: own('oc') } } },                                                  'learner-objective',   'oc'],
    ['individualized',    { past: { plan: { objectives: own('oc') } }, change: { objective: o('ob') } },                  'request',             'ob'],
    ['individualized',    { past: { plan: { objectives: own('oc', true) } }, change: { objective: o('ob') } },            'locked',              'oc'],
    ['individualized',    { classroom: { objectives: own('od') } },                                                       'course',              null],
    ['differentiated',    { classroom: { objectives: own('od') } },                                                       'classroom',           'od'],
    ['differentiated',    { classroom: { objectives: own('od', true) }, change: { objective: o('ob') } },                 'locked',              'od'],
    ['differentiated',    { classroom: { objectives: own('od', true) }, past: { plan: { objectives: own('oc') } } },      'learner-objective',   'oc'],
    ['differentiated',    { classroom: { objectives: own('od', true, 'other' as CourseId) } },                            'course',              null],
    ['personalized',      {},                                                                                             'course',              null],
    ['personalized',      { classroom: { objectives: own('od') } },                                                       'classroom',           'od'],
    ['personalized',      { classroom: { objectives: own('od') }, past: { plan: { goals: goal({ objective: o('oc') }) } } }, 'goals',            null],
    ['differentiated',    { classroom: { objectives: own('gone') } },                                                     'course',              null],
  ] as const)('%s: %j is by %s', (preset, plot, by, objective) => {
    expect(aim(preset, plot as Omit<Plot, 'course'>)).toMatchObject({ by, objective });
  });

  it('needs everything that leads there', () => {
    const { targets, needed, title } = aim('personalized', { past: { plan: { goals: [...goal({ skills: ['b' as SkillId] }), ...goal({ objective: o('od') })] } } });
    expect([[...targets], [...needed], title]).toEqual([[1, 3], [1, 3, 0], 'B']);
  });

  it('passes over goals that the course does not hold any more, and names them', () => {
    expect(aim('personalized', { past: { plan: { goals: goal({ objective: o('gone') }) } } })).toMatchObject({ by: 'course', lostGoals: ['g'] });
  });
});
