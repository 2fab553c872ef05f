// The names of things. Every id that enters is checked once, at the edge, against these patterns.
import type { Brand, Revision, StreamName, TenantId } from '@trellis/event-sourcing';

export type { TenantId };
export type LearnerId = Brand<string, 'LearnerId'>;
export type ClassroomId = Brand<string, 'ClassroomId'>;
export type CourseId = Brand<string, 'CourseId'>;
export type SkillId = Brand<string, 'SkillId'>;
export type ItemId = Brand<string, 'ItemId'>;
export type ObjectiveId = Brand<string, 'ObjectiveId'>;
/** Opaque outside: holds the stream and the revision of a `RecommendationMade`. */
export type RecommendationId = Brand<string, 'RecommendationId'>;

export const TENANT_PATTERN = '^[a-z0-9-]{1,63}$';
/** Learners and classrooms: no names, no addresses. */
export const OPAQUE_PATTERN = '^[A-Za-z0-9_-]{1,64}$';
/** Courses, skills, items and objectives. */
export const CURRICULUM_PATTERN = '^[A-Za-z0-9._:~-]{1,128}$';
/** An event's own id at its source. */
export const SOURCE_ID_PATTERN = '^[\\x21-\\x7e]{1,128}$';
/** Where an event comes from. */
export const SOURCE_PATTERN = '^[A-Za-z0-9._:~/-]{1,128}$';

export const LEARNER_PREFIX = 'learner-';
export const CLASSROOM_PREFIX = 'classroom-';
export const COURSE_PREFIX = 'course-';
/** A tenant's calibrations are one stream; the rest of its name is the tenant. */
export const CALIBRATION_PREFIX = 'calibration-';

/** The key of a row in a view of one kind of stream. A tenant holds no dot, so the first dot parts the two. */
export function rowKey(tenant: TenantId, id: string): string {
  return `${tenant}.${id}`;
}

export function splitKey(key: string): { tenant: TenantId; id: string } {
  const dot = key.indexOf('.');
  // Keys are made by `rowKey` only.
  return { tenant: key.slice(0, dot) as TenantId, id: key.slice(dot + 1) };
}

export function learnerStream(tenant: TenantId, learner: LearnerId): StreamName {
  return `${LEARNER_PREFIX}${rowKey(tenant, learner)}` as StreamName;
}

export function classroomStream(tenant: TenantId, classroom: ClassroomId): StreamName {
  return `${CLASSROOM_PREFIX}${rowKey(tenant, classroom)}` as StreamName;
}

export function courseStream(tenant: TenantId, course: CourseId): StreamName {
  return `${COURSE_PREFIX}${rowKey(tenant, course)}` as StreamName;
}

export function calibrationStream(tenant: TenantId): StreamName {
  return `${CALIBRATION_PREFIX}${tenant}` as StreamName;
}

export function recommendationId(stream: StreamName, revision: Revision): RecommendationId {
  // URL-safe Base64 (RFC 4648, section 5).
  return btoa(`${stream}@${revision}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') as RecommendationId;
}

/** Where a recommendation is kept, or null for a text that is no recommendation's id. */
export function placeOf(id: string): { stream: StreamName; tenant: TenantId; learner: LearnerId; revision: Revision } | null {
  if (!/^[A-Za-z0-9_-]{8,400}$/.test(id)) return null;
  const text = decoded(id.replaceAll('-', '+').replaceAll('_', '/'));
  const match = text === null ? null : /^learner-([a-z0-9-]{1,63})\.([A-Za-z0-9_-]{1,64})@(\d{1,15})$/.exec(text);
  if (match === null) return null;
  // The pattern above is that of the ids.
  const [tenant, learner, revision] = [match[1] as TenantId, match[2] as LearnerId, Number(match[3])];
  const stream = learnerStream(tenant, learner);
  // One place has one id: Base64 with stray bits or a number with leading zeros is none.
  return recommendationId(stream, revision) === id ? { stream, tenant, learner, revision } : null;
}

function decoded(base64: string): string | null {
  try {
    return atob(base64);
  } catch {
    return null;
  }
}
