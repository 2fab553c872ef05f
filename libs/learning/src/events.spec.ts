import type { DomainEvent, EventId, Meta, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { eventSchema, isObservation, trellisCodec, type TrellisEvent } from './events.js';
import type { ClassroomId } from './ids.js';

const codec = trellisCodec();

// Casts: the texts keep to the patterns of their kinds.
const id = '00000000-0000-5000-8000-000000000001' as EventId;
const meta: Meta = { source: 'api', occurredAt: 1_772_438_400_000, schema: 1 };
const everyMeta: Meta = { ...meta, timeBasis: 'received', claimedAt: 1_900_000_000_000, sequence: 58_266, correlationId: 'batch-1' };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** One event of every type with every member, as it is stored in today's schema. What is stored can be read for ever. */
const golden: [TrellisEvent['type'], Meta, unknown, string][] = [
  [
    'AnswerGiven',
    everyMeta,
    {
      item: 'i1',
      skills: ['fractions', 'decimals'],
      course: 'algebra',
      courseVersion: 3,
      score: 0.5,
      attempt: 1,
      hints: 0,
      response: '½',
      durationMs: 42_000,
      confidence: 0.75,
      session: 's1',
      recommendation: 'bGVhcm5lci1ub3J0aC5hbmFAMTc',
    },
    [
      '018700a361706901cb4279cad8fac00000050102a8726563656976656403cb427ba60d3380000004cde39a06a762617463682d318c07a269',
      '310892a96672616374696f6e73a8646563696d616c7309a7616c67656272610a030bcb3fe00000000000000c010d000edb00000002c2bd0f',
      'cda41010cb3fe800000000000011a2733112bb62475668636d356c6369317562334a3061433568626d46414d5463',
    ].join(''),
  ],
  ['LearnerEnrolled', meta, { learner: 'ana', classroom: 'room-1', course: 'algebra' }, '018300a361706901cb4279cad8fac0000005018313a3616e6114a6726f6f6d2d3109a7616c6765627261'],
  [
    'CoursePublished',
    meta,
    {
      version: 2,
      part: 1,
      parts: 1,
      title: 'Algebra',
      language: 'en',
      licence: 'CC BY 4.0',
      skills: [{ id: 'a', title: 'A', section: '1.1', prerequisites: [{ skill: 'b', strength: 'soft' }], masteryAt: 0.9 }],
      items: [
        {
          id: 'i1',
          title: 'I',
          skills: ['a'],
          kind: 'practice',
          difficulty: -0.5,
          tier: 'core',
          modality: 'text',
          product: 'essay',
          readingLevel: 6,
          interests: ['music'],
          minutes: 2,
          variantOf: 'i0',
          key: { type: 'number', values: ['1/2'] },
        },
      ],
      objectives: [{ id: 'o1', title: 'O', skills: ['a'] }],
    },
    [
      '018300a361706901cb4279cad8fac0000005018915021601170118a7416c676562726119a2656e1aa9434320425920342e300891851ea161',
      '18a1411fa3312e3120918221a16222a4736f667423cb3feccccccccccccd1b918d1ea2693118a1490891a16124a8707261637469636525cb',
      'bfe000000000000026a4636f726527a47465787428a5657373617929062a91a56d757369632b022ca269302d822ea66e756d6265722f91a3',
      '312f321c91831ea26f3118a14f0891a161',
    ].join(''),
  ],
  [
    'RecommendationMade',
    { ...meta, schema: 2 },
    {
      wish: { course: 'algebra', count: 1, objective: 'o1', budgetMinutes: 15 },
      at: 1_772_438_400_000,
      basedOn: { revision: 16, classroom: { id: 'room-1' as ClassroomId, revision: 3 } },
      versions: { engine: '1', policy: '1', course: 2, calibration: 'default-1', strategy: 'individualized-1' },
      seed: 4_026_531_840,
      pacing: { action: 'practise', items: 10, minutes: 12.5, reviewAt: 1_773_043_200_000, reason: { key: 'session-practise', params: { open: 3 } } },
      items: [{ item: 'i1', skills: ['a'], action: 'practise', prediction: 0.65, probability: 0.95, reason: { key: 'keep-practising', params: { mastery: 0.5 } } }],
    },
    [
      '018300a361706901cb4279cad8fac00000050287308409a7616c676562726131011da26f31320f33cb4279cad8fac000003482351014821e',
      'a6726f6f6d2d313503368537a13138a131090239a964656661756c742d313ab0696e646976696475616c697a65642d313bcef00000003c85',
      '3da870726163746973651b0a2bcb40290000000000003ecb4279cd19c30000003f822db073657373696f6e2d70726163746973654281a46f',
      '70656e031b918607a269310891a1613da8707261637469736540cb3fe4cccccccccccd41cb3fee6666666666663f822daf6b6565702d7072',
      '6163746973696e674281a76d617374657279cb3fe0000000000000',
    ].join(''),
  ],
];

/** As earlier schemas were stored, and what is read from them today. */
const earlier: typeof golden = [
  [
    'RecommendationMade',
    meta,
    {
      wish: { course: 'algebra', count: 1, objective: 'o1', budgetMinutes: 15 },
      at: 1_772_438_400_000,
      basedOn: { revision: 16, classroom: null },
      versions: { engine: '1', policy: '1', course: 2, calibration: 'default-1', strategy: 'individualized-1' },
      seed: 4_026_531_840,
      pacing: { action: 'practise', items: 10, minutes: 12.5, reviewAt: 1_773_043_200_000, reason: { key: 'session-practise', params: { open: 3 } } },
      items: [{ item: 'i1', skills: ['a'], action: 'practise', prediction: 0.65, probability: 0.95, reason: { key: 'keep-practising', params: { mastery: 0.5 } } }],
    },
    [
      '018300a361706901cb4279cad8fac00000050187308409a7616c676562726131011da26f31320f33cb4279cad8fac0000034813510368537',
      'a13138a131090239a964656661756c742d313ab0696e646976696475616c697a65642d313bcef00000003c853da870726163746973651b0a',
      '2bcb40290000000000003ecb4279cd19c30000003f822db073657373696f6e2d70726163746973654281a46f70656e031b918607a2693108',
      '91a1613da8707261637469736540cb3fe4cccccccccccd41cb3fee6666666666663f822daf6b6565702d70726163746973696e674281a76d',
      '617374657279cb3fe0000000000000',
    ].join(''),
  ],
];

function recorded(event: DomainEvent, bytes: string): Recorded {
  return { id, type: event.type, digest: '0', bytes: Uint8Array.from(Buffer.from(bytes, 'hex')), stream: 'learner-north.ana' as StreamName, revision: 0, position: '0' as Position, recordedAt: 0 };
}

describe('stored bytes', () => {
  it.each(golden)('of %s are written as they ever were', (type, meta, data, bytes) => {
    expect(hex(codec.encode(id, '0', { type, data }, meta).bytes)).toBe(bytes);
  });

  it.each([...golden, ...earlier])('of %s are read as they ever were', (type, meta, data, bytes) => {
    expect(codec.decode(recorded({ type, data }, bytes))).toMatchObject({ type, meta, data });
  });
});

it('writes every type in the schema of its golden bytes', () => {
  expect(golden.map(([type, { schema }]) => [type, schema])).toEqual(golden.map(([type]) => [type, eventSchema(type)]));
});

it('knows facts from decisions', () => {
  expect(golden.map(([type]) => [type, isObservation(type)])).toEqual([
    ['AnswerGiven', true],
    ['LearnerEnrolled', false],
    ['CoursePublished', false],
    ['RecommendationMade', false],
  ]);
});
