import fc from 'fast-check';
import type { StreamName } from '@trellis/event-sourcing';
import { classroomStream, courseStream, CURRICULUM_PATTERN, learnerStream, OPAQUE_PATTERN, placeOf, recommendationId, rowKey, SOURCE_ID_PATTERN, splitKey, TENANT_PATTERN, type ClassroomId, type CourseId, type LearnerId, type TenantId } from './ids.js';

// Casts: the texts keep to the patterns of their kinds.
const tenant = fc.stringMatching(new RegExp(TENANT_PATTERN)).map((id) => id as TenantId);
const learner = fc.stringMatching(new RegExp(OPAQUE_PATTERN)).map((id) => id as LearnerId);
const text = (of: string): string => btoa(of).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

describe('the id of a recommendation', () => {
  it('says where the recommendation is', () => {
    fc.assert(fc.property(tenant, learner, fc.nat({ max: 2 ** 31 }), (of, who, revision) => {
      const stream = learnerStream(of, who);
      const id = recommendationId(stream, revision);
      expect(id).toMatch(/^[A-Za-z0-9_-]{8,400}$/);
      expect(placeOf(id)).toEqual({ stream, tenant: of, learner: who, revision });
    }));
  });

  it('stays what it is, for events hold it', () => {
    expect(recommendationId(learnerStream('north' as TenantId, 'ana' as LearnerId), 17)).toBe('bGVhcm5lci1ub3J0aC5hbmFAMTc');
  });

  const hostile: [string, string][] = [
    ['nothing',                     ''],
    ['a word',                      'recommendation'],
    ['too short',                   'abc'],
    ['too long',                    'A'.repeat(401)],
    ['another alphabet',            text('learner-north.ana@1').replace('b', '+')],
    ['padding',                     `${text('learner-north.ana@12')}==`],
    ['white space',                 ` ${text('learner-north.ana@1')}`],
    ['no revision',                 text('learner-north.ana@')],
    ['a revision below zero',       text('learner-north.ana@-1')],
    ['a fraction',                  text('learner-north.ana@1.5')],
    ['a revision beyond numbers',   text('learner-north.ana@9999999999999999')],
    ['a revision written otherwise', text('learner-north.ana@007')],
    ['another kind of stream',      text('course-north.algebra@1')],
    ['no tenant',                   text('learner-.ana@1')],
    ['a tenant in capitals',        text('learner-North.ana@1')],
    ['a learner with a dot',        text('learner-north.ana.lee@1')],
    ['a learner that is a path',    text('learner-north.../../x@1')],
    ['something behind it',         text('learner-north.ana@1\n')],
    ['no text at all',              text('\u00ff\u00fe\u0000@@@@@@@@')],
  ];
  it.each(hostile)('is none: %s', (_, id) => expect(placeOf(id)).toBeNull());

  it('is the only text for its place', () => {
    const id = recommendationId(learnerStream('north' as TenantId, 'ana' as LearnerId), 17);
    const last = id.slice(-1).charCodeAt(0);
    const others = Array.from({ length: 128 }, (_, code) => id.slice(0, -1) + String.fromCharCode(code)).filter((other) => other.charCodeAt(other.length - 1) !== last);
    expect(others.filter((other) => placeOf(other)?.revision === 17)).toEqual([]);
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.stringMatching(/^[A-Za-z0-9_-]{8,80}$/)), (id) => {
      const place = placeOf(id);
      if (place !== null) expect(recommendationId(place.stream, place.revision)).toBe(id);
    }));
  });
});

describe('names of streams and rows', () => {
  it('part tenant and id at the first dot', () => {
    fc.assert(fc.property(tenant, fc.stringMatching(new RegExp(CURRICULUM_PATTERN)), (of, id) => {
      expect(splitKey(rowKey(of, id))).toEqual({ tenant: of, id });
    }));
  });

  it('are what the design says', () => {
    const of = 'north' as TenantId;
    expect<StreamName[]>([learnerStream(of, 'ana' as LearnerId), classroomStream(of, 'room-1' as ClassroomId), courseStream(of, 'algebra.1' as CourseId)]).toEqual([
      'learner-north.ana',
      'classroom-north.room-1',
      'course-north.algebra.1',
    ]);
  });
});

describe('patterns', () => {
  const cases: [string, string, string[], string[]][] = [
    // of             pattern              let in                                       keep out
    ['tenants',       TENANT_PATTERN,      ['a', 'north-1', 'x'.repeat(63)],            ['', 'North', 'a.b', 'a_b', 'x'.repeat(64), 'a\n']],
    ['learners',      OPAQUE_PATTERN,      ['7', 'aN-_9', 'x'.repeat(64)],              ['', 'Ana Lee', 'ana@school.org', 'a.b', 'ä', 'x'.repeat(65), 'a\n']],
    ['curricula',     CURRICULUM_PATTERN,  ['a', 'math:1.2~b_c-d', 'x'.repeat(128)],    ['', 'a b', 'a/b', 'ä', 'x'.repeat(129), 'a\n']],
    ['source ids',    SOURCE_ID_PATTERN,   ['1', 'row/7?x={}', '!'.repeat(128)],        ['', 'a b', 'ä', 'x'.repeat(129), 'a\n']],
  ];
  it.each(cases)('of %s let in the right and keep out the wrong', (_, pattern, right, wrong) => {
    const rule = new RegExp(pattern);
    expect(right.filter((id) => !rule.test(id))).toEqual([]);
    expect(wrong.filter((id) => rule.test(id))).toEqual([]);
  });
});
