// The bytes of a learner's row: fixed-width numbers where precision matters, variable-length ones where they are small.
import type { EventId } from '@trellis/event-sourcing';
import type { ClassroomId, CourseId, SkillId } from '@trellis/learning';
import { ByteReader, ByteWriter } from './byte-stream.js';
import { ItemTable } from './item-table.js';
import type { LearnerState, SkillState } from './learner-state.js';

const FORMAT = 1;
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
  writer.varint(state.skills.size);
  for (const [id, skill] of state.skills) encodeSkill(id, skill);
  writer.varint(state.items.size);
  writer.raw(state.items.stored());
  writer.varint(state.recent.length);
  for (const { item, recommendation } of state.recent) {
    writer.uint48(item);
    writer.uint48(recommendation);
  }
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
  return writer.end();
}

function encodeSkill(id: SkillId, skill: SkillState): void {
  writer.string(id);
  writer.double(skill.unknown);
  writer.single(skill.mean);
  writer.single(skill.variance);
  writer.varint(skill.answers);
  writer.varint(skill.right);
  writer.varint(skill.wrongInARow);
  writer.varint(skill.pauses);
  writer.varint(skill.pausedUntil);
  writer.uint48(skill.lastAt);
}

function decode(bytes: Uint8Array): LearnerState {
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
  const skills = new Map<SkillId, SkillState>();
  for (let left = reader.varint(); left > 0; left--) skills.set(reader.string() as SkillId, decodeSkill(reader));
  const items = ItemTable.of(reader.raw(reader.varint() * 12));
  const recent = reader.list(() => ({ item: reader.uint48(), recommendation: reader.uint48() }));
  const enrolments = reader.list(() => ({ classroom: reader.string() as ClassroomId, course: reader.string() as CourseId }));
  const offered = reader.list(() => ({
    recommendation: reader.uint48(),
    revision: reader.varint(),
    items: reader.list(() => reader.uint48()),
  }));
  return { newest, answers, ability, skills, items, recent, enrolments, offered };
}

function decodeSkill(reader: ByteReader): SkillState {
  const unknown = reader.double();
  return {
    unknown,
    known: 1 - unknown,
    mean: reader.single(),
    variance: reader.single(),
    answers: reader.varint(),
    right: reader.varint(),
    wrongInARow: reader.varint(),
    pauses: reader.varint(),
    pausedUntil: reader.varint(),
    lastAt: reader.uint48(),
  };
}
