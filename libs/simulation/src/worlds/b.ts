// World B: each skill is known or not, learned from one answer to the next and forgotten between sessions (Bayesian knowledge tracing with
// prerequisites; Corbett & Anderson, 1995).
import type { CourseGraph } from '../course-graph.js';
import { coursePart } from '../course-part.js';
import { courseSeed, normal, sigmoid, studentSeed, uniform } from '../random.js';
import { settingOf, timetable } from '../setting.js';
import type { Student, World } from '../world.js';

const { exp, min } = Math;
const NUMBER = 1;
const SESSIONS = timetable([0, 2, 4, 6, 8, 10], 20);

export const bktWorld: World = {
  id: 'B',
  number: NUMBER,
  title: 'Known or not, with forgetting between sessions',
  valueFlow: 0.3,
  judgedOnDay: null,
  student: (course, split, number) => student(course, studentSeed(split, NUMBER, number), courseSeed(split, NUMBER, number)),
};

function student(course: CourseGraph, seed: number, shared: number): Student {
  const part = coursePart(course, seed);
  const setting = settingOf({
    ...part,
    world: bktWorld.id,
    difficulties: Array.from(part.items, (items) => new Float64Array(items)),
    wearsOut: false,
    learnsNearOnly: false,
    timetable: SESSIONS,
  });
  const { ids, prerequisites, skills } = setting;
  const [preparation, speed] = [normal(seed, 1, 0, 0), normal(seed, 1, 1, 0)];
  const known = new Uint8Array(skills);
  const [learn, guess, slip, forget] = [new Float64Array(skills), new Float64Array(skills), new Float64Array(skills), new Float64Array(skills)];
  const [answers, rights] = [new Int32Array(skills), new Int32Array(skills)];
  let session = 0;

  const unknownBefore = (skill: number): number => {
    const before = prerequisites[skill] as Int32Array;
    let unknown = 0;
    for (let n = 0; n < before.length; n++) unknown += 1 - (known[before[n] as number] as number);
    return unknown;
  };

  for (let skill = 0; skill < skills; skill++) {
    const g = ids[skill] as number;
    learn[skill] = sigmoid(-1.9 + 0.6 * normal(shared, 3, g, 0) + 0.5 * speed);
    guess[skill] = min(0.4, sigmoid(-1.5 + 0.5 * normal(shared, 4, g, 0)));
    slip[skill] = min(0.4, sigmoid(-1.6 + 0.5 * normal(shared, 5, g, 0)));
    forget[skill] = 0.04 * exp(0.6 * normal(shared, 6, g, 0));
    const atStart = sigmoid(0.3 + 0.9 * normal(shared, 2, g, 0) + 0.8 * preparation) * (unknownBefore(skill) > 0 ? 0.35 : 1);
    known[skill] = uniform(seed, 7, g, 0) < atStart ? 1 : 0;
  }

  const learnProbability = (skill: number): number => (learn[skill] as number) * 0.4 ** unknownBefore(skill);

  return {
    seed,
    setting,
    lookahead: null,
    scoreOn: null,
    warmUpSkill: () => 0,
    reach(step) {
      while (session < (SESSIONS.session[step] as number)) {
        session++;
        for (let skill = 0; skill < skills; skill++) {
          const lost = (forget[skill] as number) / (1 + 0.5 * (rights[skill] as number));
          if (known[skill] === 1 && uniform(seed, 30, ids[skill] as number, session) < lost) known[skill] = 0;
        }
      }
    },
    answer(skill) {
      const [g, j, knows] = [ids[skill] as number, answers[skill] as number, known[skill] === 1];
      const right = uniform(seed, 40, g, j) < (knows ? 1 - (slip[skill] as number) : (guess[skill] as number));
      if (!knows && uniform(seed, 41, g, j) < learnProbability(skill)) known[skill] = 1;
      answers[skill] = j + 1;
      if (right) rights[skill] = (rights[skill] as number) + 1;
      return right;
    },
    score: (skill) => known[skill] as number,
    mastered: (skill) => known[skill] === 1,
    fresh: (skill) => known[skill] === 1,
    expectedGain: (skill) => (known[skill] === 1 ? 0 : learnProbability(skill)),
  };
}
