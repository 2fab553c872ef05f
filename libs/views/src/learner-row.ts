// The bytes of a learner's row: fixed-width numbers where precision matters, variable-length ones where they are small.
import type { EventId } from '@trellis/event-sourcing';
import { NO_PLAN, type ClassroomId, type CourseId, type Plan, type SkillId } from '@trellis/learning';
import { ByteReader, ByteWriter } from './byte-stream.js';
import { ItemTable } from './item-table.js';
import type { Calibration } from '@trellis/mastery';
import type { LearnerState } from './learner-state.js';
import { NOTHING_TOLD, type Told } from './learner-told.js';
import { RecentAnswers } from './recent-answers.js';
import type { Current, Sitting } from './sitting.js';
import { SkillTable, type SkillState } from './skill-table.js';

const FORMAT = 3;
const writer = new ByteWriter();

export const learnerRow = { encode, decode };

/** The same state gives the same bytes: maps are written in the order of their first answers, which folds keep. */
function encode(state: LearnerState): Uint8Array {
  writer.begin();
  writer.varint(FORMAT);
  writer.varint(state.newest === null ? 0 : 1);
  if (state.newest !== null) {
    writer.double(state.newest.at);
    writer.double(state.newest.sequence);
    writer.uuid(state.newest.id);
  }
  writer.varint(state.answers);
  writer.double(state.ability.mean);
  writer.double(state.ability.variance);
  writer.double(state.fadedRight);
  writer.double(state.fadedAnswers);
  writer.double(state.surprise);
  writer.double(state.information);
  writer.varint(state.skills.size);
  let before = '';
  for (const [id, skill] of state.skills) {
    const shared = sharedLength(before, id);
    writer.varint(shared);
    writer.string(id.slice(shared));
    encodeSkill(skill);
    before = id;
  }
  const priors = state.skills.storedPriors();
  writer.varint(priors.size);
  for (const [skill, steps] of priors) {
    writer.uint48(skill);
    writer.varint(steps);
  }
  writer.varint(state.items.size);
  writer.raw(state.items.stored());
  writer.varint(state.recent.length);
  for (const number of state.recent.stored()) writer.uint48(number);
  writer.varint(state.enrolments.length);
  for (const { classroom, course } of state.enrolments) {
    writer.string(classroom);
    writer.string(course);
  }
  writer.varint(state.offered.length);
  for (const { recommendation, revision, items } of state.offered) {
    writer.uint48(recommendation);
    writer.varint(revision);
    writer.varint(items.length);
    for (const item of items) writer.uint48(item);
  }
  encodeSitting(state.sitting);
  encodeCurrent(state);
  writer.string(textOf(state.told, NOTHING_TOLD));
  writer.string(textOf(state.plan, NO_PLAN));
  return writer.end();
}

const EMPTY_TEXTS: ReadonlySet<string> = new Set([JSON.stringify(NOTHING_TOLD), JSON.stringify(NO_PLAN)]);

/** Plain data that most learners have none of. What was said and taken back is none again; members keep their order, as folds only replace them. */
function textOf(data: Told | Plan, nothing: Told | Plan): string {
  if (data === nothing) return '';
  const text = JSON.stringify(data);
  return EMPTY_TEXTS.has(text) ? '' : text;
}

function encodeSitting(sitting: Sitting): void {
  writer.uint48(sitting.startedAt);
  writer.varint(sitting.answers);
  writer.varint(sitting.wrongInARow);
  writer.varint(sitting.rapid);
  writer.single(sitting.usualLogMs);
  writer.single(sitting.recentLogMs);
  writer.varint(sitting.timed);
  writer.uint48(sitting.firstAnswerAt);
  writer.uint48(sitting.lastAnswerAt);
  writer.single(sitting.lately);
}

/** Its skills are places among the skills above: what was practised last was practised. */
function encodeCurrent({ current, skills }: LearnerState): void {
  writer.varint(current?.run ?? 0);
  if (current === null) return;
  const ids = [...skills.keys()];
  writer.varint(current.skills.length);
  for (const skill of current.skills) writer.varint(ids.indexOf(skill));
}

/** Ids of one course mostly begin alike: a row keeps where each differs from the one before. */
function sharedLength(before: string, id: string): number {
  let length = 0;
  while (length < before.length && before.charCodeAt(length) === id.charCodeAt(length)) length++;
  return length;
}

function encodeSkill(skill: SkillState): void {
  writer.double(skill.unknown);
  writer.single(skill.unrecalled);
  writer.single(skill.mean);
  writer.single(skill.variance);
  writer.varint(skill.answers);
  writer.varint(skill.right);
  // A sign, and what is left.
  writer.varint(skill.streak < 0 ? -2 * skill.streak - 1 : 2 * skill.streak);
  writer.varint(2 * skill.pauses + (skill.stability === 0 ? 0 : 1));
  writer.varint(skill.pausedUntil);
  writer.uint48(skill.lastAt);
  if (skill.stability === 0) return;
  writer.single(skill.stability);
  writer.single(skill.difficulty);
}

function decode(bytes: Uint8Array, calibration: Calibration): LearnerState {
  const reader = new ByteReader(bytes);
  const format = reader.varint();
  if (format !== FORMAT) throw new Error(`a learner row of format ${format}; this engine reads format ${FORMAT}`);
  const newest =
    reader.varint() === 0
      ? null
      // Only event ids are written there.
      : { at: reader.double(), sequence: reader.double(), id: reader.uuid() as EventId };
  const answers = reader.varint();
  const ability = { mean: reader.double(), variance: reader.double() };
  const [fadedRight, fadedAnswers, surprise, information] = [reader.double(), reader.double(), reader.double(), reader.double()];
  const skills = new SkillTable(calibration);
  let before = '';
  for (let left = reader.varint(); left > 0; left--) {
    before = before.slice(0, reader.varint()) + reader.string();
    // Only ids of skills are written there.
    skills.set(before as SkillId, decodeSkill(reader));
  }
  skills.restorePriors(reader.list(() => [reader.uint48(), reader.varint()]));
  const items = ItemTable.of(reader.raw(reader.varint() * 12));
  const recent = new RecentAnswers();
  for (let left = reader.varint(); left > 0; left--) recent.push({ item: reader.uint48(), recommendation: reader.uint48() });
  const enrolments = reader.list(() => ({ classroom: reader.string() as ClassroomId, course: reader.string() as CourseId }));
  const offered = reader.list(() => ({
    recommendation: reader.uint48(),
    revision: reader.varint(),
    items: reader.list(() => reader.uint48()),
  }));
  const sitting = decodeSitting(reader);
  const current = decodeCurrent(reader, skills);
  const [told, plan] = [reader.string(), reader.string()];
  return {
    ...{ calibration, newest, answers, ability, fadedRight, fadedAnswers, surprise, information, skills, items, recent, enrolments, offered, sitting, current },
    // Only `encode` writes these texts.
    told: told === '' ? NOTHING_TOLD : (JSON.parse(told) as Told),
    plan: plan === '' ? NO_PLAN : (JSON.parse(plan) as Plan),
  };
}

function decodeSitting(reader: ByteReader): Sitting {
  const [startedAt, answers, wrongInARow, rapid] = [reader.uint48(), reader.varint(), reader.varint(), reader.varint()];
  const [usualLogMs, recentLogMs, timed] = [reader.single(), reader.single(), reader.varint()];
  return { startedAt, answers, wrongInARow, rapid, usualLogMs, recentLogMs, timed, firstAnswerAt: reader.uint48(), lastAnswerAt: reader.uint48(), lately: reader.single() };
}

function decodeCurrent(reader: ByteReader, skills: SkillTable): Current | null {
  const run = reader.varint();
  if (run === 0) return null;
  const ids = [...skills.keys()];
  return { run, skills: reader.list(() => ids[reader.varint()] ?? ('' as SkillId)) };
}

function decodeSkill(reader: ByteReader): SkillState {
  const unknown = reader.double();
  const [unrecalled, mean, variance] = [reader.single(), reader.single(), reader.single()];
  const [answers, right, signed, pausesAndCard, pausedUntil, lastAt] = [reader.varint(), reader.varint(), reader.varint(), reader.varint(), reader.varint(), reader.uint48()];
  const hasCard = pausesAndCard % 2 === 1;
  // In the order of `newSkill`: folds are fast on objects of one shape.
  return {
    mean,
    variance,
    answers,
    streak: signed % 2 === 1 ? -(signed + 1) / 2 : signed / 2,
    unknown,
    known: 1 - unknown,
    unrecalled,
    stability: hasCard ? reader.single() : 0,
    difficulty: hasCard ? reader.single() : 0,
    right,
    pauses: Math.floor(pausesAndCard / 2),
    pausedUntil,
    lastAt,
  };
}
