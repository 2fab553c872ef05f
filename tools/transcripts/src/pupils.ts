// Thirty learners who do not exist: what each really knows, how they work, and what they answer. The engine is told none of it but the answers
// and what a learner says.
import type { CourseContent, Item, SkillId } from '@trellis/learning';
import { seeded } from '@trellis/mastery';

export interface Pupil {
  /** What the engine knows them by. */
  readonly id: string;
  readonly name: string;
  /** How many skills of the course, in its order, this learner knows when the script begins. */
  readonly head: number;
  readonly interests: readonly string[];
  readonly modalities: readonly string[];
  /** Times the minutes that the course gives an item. */
  readonly pace: number;
  /** A skill that practice alone will not teach this learner. */
  readonly blocked?: SkillId;
  readonly knows: Set<SkillId>;
  readonly random: () => number;
}

export interface Answered {
  readonly response: string;
  /** Null: nobody can tell by a key. */
  readonly isRight: boolean | null;
  readonly durationMs: number;
}

const NAMES = [
  'Ana', 'Ben', 'Cara', 'Dev', 'Elif', 'Finn', 'Gia', 'Hugo', 'Ines', 'Jon', 'Kaya', 'Leo', 'Mina', 'Nils', 'Olu',
  'Pia', 'Quim', 'Rosa', 'Sami', 'Tara', 'Udo', 'Vera', 'Wim', 'Xenia', 'Yuri', 'Zoe', 'Aram', 'Bea', 'Ciro', 'Dana',
] as const;
export const CLASS_SIZE = NAMES.length;
const INTERESTS = ['sports', 'music', 'animals', 'cooking', 'building', 'puzzles'] as const;
const MODALITIES = ['story', 'visual', 'hands-on', 'symbolic'] as const;
/** Skills known beforehand: five begin at the beginning, five are far ahead, the others in between. */
const HEADS = [0, 1, 2, 2, 3, 3, 1, 2, 8, 4, 2, 3, 0, 2, 5, 1, 8, 3, 2, 4, 0, 2, 3, 9, 1, 2, 0, 3, 5, 8] as const;

/** Logits of a right answer: of a skill that is known, of one that is not, and what each logit of difficulty takes. */
const RIGHT = { known: 2.4, unknown: -1.7, difficulty: 0.6 };
/** Of three or four choices, one is right. */
const CHOICE_FLOOR = 0.3;
/** The chance that one item teaches its skill. */
const LEARNING = { lesson: 0.45, practice: 0.22, shown: 0.12, withoutPrerequisite: 0.2 };
const SHOWN: ReadonlySet<string> = new Set(['worked-example', 'visual', 'hands-on']);
const MINUTE_MS = 60_000;

/** `blocked`: by name. The same seed gives the same class. */
export function classOf(course: CourseContent, seed: number, blocked: Readonly<Record<string, string>> = {}): readonly Pupil[] {
  return NAMES.map((name, at): Pupil => {
    const random = seeded(seed + at);
    const head = HEADS[at] ?? 0;
    const stuckOn = blocked[name];
    const known = course.skills.slice(0, head).map(({ id }) => id);
    return {
      id: `learner-${String(at + 1).padStart(2, '0')}`,
      name,
      head,
      interests: [INTERESTS[at % INTERESTS.length] ?? 'puzzles'],
      modalities: at % 3 === 0 ? [MODALITIES[(at / 3) % MODALITIES.length] ?? 'story'] : [],
      pace: 0.7 + 0.6 * random(),
      // An item's id and a skill's are named by the course, which the cast follows.
      ...(stuckOn === undefined ? {} : { blocked: stuckOn as SkillId }),
      knows: new Set(known.filter((id) => id !== stuckOn)),
      random,
    };
  });
}

/** Does the item, and may have learned from it afterwards. */
export function answerOf(pupil: Pupil, item: Item, course: CourseContent): Answered {
  const { random, knows, pace } = pupil;
  const durationMs = Math.round((item.minutes ?? 1) * MINUTE_MS * pace * (0.75 + 0.5 * random()));
  const isKnown = item.skills.every((skill) => knows.has(skill));
  const logit = (isKnown ? RIGHT.known : RIGHT.unknown) - RIGHT.difficulty * (item.difficulty ?? 0);
  const plain = 1 / (1 + Math.exp(-logit));
  const probability = item.key?.type === 'choice' ? CHOICE_FLOOR + (1 - CHOICE_FLOOR) * plain : plain;
  const isRight = random() < probability;
  learn(pupil, item, course);
  if (item.key === undefined) return { response: 'see the exercise book', isRight: null, durationMs };
  return { response: isRight ? (item.key.values[0] ?? '') : wrongTo(item), isRight, durationMs };
}

/** What a teacher would give open work that this learner has done: by what they know. */
export function openScore(pupil: Pupil, item: Item): number {
  return item.skills.every((skill) => pupil.knows.has(skill)) ? 1 : 0.3;
}

function learn({ random, knows, blocked }: Pupil, item: Item, course: CourseContent): void {
  for (const id of item.skills) {
    const roll = random();
    if (knows.has(id) || id === blocked) continue;
    const before = course.skills.find((skill) => skill.id === id)?.prerequisites ?? [];
    const isReady = before.every(({ skill, strength }) => strength === 'soft' || knows.has(skill));
    const chance = item.kind === 'lesson' ? LEARNING.lesson : LEARNING.practice + (SHOWN.has(item.modality ?? '') ? LEARNING.shown : 0);
    if (roll < chance * (isReady ? 1 : LEARNING.withoutPrerequisite)) knows.add(id);
  }
}

function wrongTo({ key }: Item): string {
  if (key?.type !== 'choice') return '1000';
  return ['A', 'B', 'C'].find((letter) => !key.values.includes(letter)) ?? 'Z';
}
