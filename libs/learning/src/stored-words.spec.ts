// What is said by and about learners and classrooms, as it is stored: one event of every type with every member. What is stored can be read for ever.
import type { EventId, Meta, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { eventSchema, isCorrection, isObservation, trellisCodec, type TrellisEvent } from './events.js';

const codec = trellisCodec();

// Casts: the texts keep to the patterns of their kinds.
const id = '00000000-0000-5000-8000-000000000001' as EventId;
const answer = '00000000-0000-5000-8000-000000000002';
const recommendation = 'bGVhcm5lci1ub3J0aC5hbmFAMTc';
const at = 1_772_438_400_000;
const meta: Meta = { source: 'api', occurredAt: at, schema: 1 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const group = { group: 'red', title: 'Red', learners: ['ana'], kind: 'shared-gap', about: 'a' };
const strategy = {
  preset: 'blended',
  mix: {
    by: 'phase',
    phases: [
      { phase: 'whole-class', strategy: { preset: 'differentiated', settings: { choices: 2, masteryAt: null } }, minutes: 20 },
      { phase: 'follow-up', strategy: { preset: 'personalized' } },
    ],
  },
};

const golden: [TrellisEvent['type'], object, string][] = [
  ['AnswerScored', { answer, score: 0.5, by: 'grader-7' }, [
    '018300a361706901cb4279cad8fac000000501835dd92430303030303030302d303030302d353030302d383030302d3030303030303030303030320b',
    'cb3fe00000000000005ea86772616465722d37',
  ].join('')],
  ['AnswerVoided', { answer, why: 'the picture was missing' }, [
    '018300a361706901cb4279cad8fac000000501825dd92430303030303030302d303030302d353030302d383030302d303030303030303030303032a3',
    '776879b7746865207069637475726520776173206d697373696e67',
  ].join('')],
  ['HintTaken', { item: 'i1', skills: ['a'], course: 'algebra', session: 's1' }, '018300a361706901cb4279cad8fac0000005018407a269310891a16109a7616c676562726111a27331'],
  ['ContentViewed', { item: 'i1', skills: ['a'], course: 'algebra', durationMs: 90_000, session: 's1' }, '018300a361706901cb4279cad8fac0000005018507a269310891a16109a7616c67656272610fce00015f9011a27331'],
  ['SessionStarted', { session: 's1', budgetMinutes: 20 }, '018300a361706901cb4279cad8fac0000005018211a273313214'],
  ['SessionEnded', { session: 's1' }, '018300a361706901cb4279cad8fac0000005018111a27331'],
  ['SelfAssessed', { skill: 'a', level: 0.75 }, '018300a361706901cb4279cad8fac0000005018221a1615fcb3fe8000000000000'],
  ['MoodReported', { mood: 'tired' }, '018300a361706901cb4279cad8fac0000005018160a57469726564'],
  ['PreferenceStated', { modalities: ['visual'], interests: ['music'], products: ['project'], readingLevel: 6, language: 'es' }, [
    '018300a361706901cb4279cad8fac00000050185aa6d6f64616c697469657391a676697375616c2a91a56d75736963a870726f647563747391a77072',
    '6f6a656374290619a26573',
  ].join('')],
  ['FeedbackGiven', { item: 'i1', skills: ['a'], feedback: 'too-hard', recommendation }, [
    '018300a361706901cb4279cad8fac0000005018407a269310891a16161a8746f6f2d6861726412bb62475668636d356c6369317562334a3061433568',
    '626d46414d5463',
  ].join('')],
  ['GoalProposed', { goal: 'g1', course: 'algebra', skills: ['a'], due: 1_774_000_000_000, minutesPerWeek: 90, by: 'teacher' }, [
    '018300a361706901cb4279cad8fac0000005018662a2673109a7616c67656272610891a16163cb4279d0aa3cc00000ae6d696e757465735065725765',
    '656b5a5ea774656163686572',
  ].join('')],
  ['GoalSet', { goal: 'g1', course: 'algebra', skills: ['a'], due: 1_774_000_000_000, minutesPerWeek: 90, by: 'learner', at }, [
    '018300a361706901cb4279cad8fac0000005018762a2673109a7616c67656272610891a16163cb4279d0aa3cc00000ae6d696e757465735065725765',
    '656b5a5ea76c6561726e657233cb4279cad8fac00000',
  ].join('')],
  ['GoalDropped', { goal: 'g1', by: 'learner', why: 'done' }, '018300a361706901cb4279cad8fac0000005018362a267315ea76c6561726e6572a3776879a4646f6e65'],
  ['RecommendationAccepted', { recommendation, item: 'i1' }, '018300a361706901cb4279cad8fac0000005018212bb62475668636d356c6369317562334a3061433568626d46414d546307a26931'],
  ['RecommendationDeclined', { recommendation, items: ['i1'], skills: ['a'], why: 'not-now', at }, [
    '018300a361706901cb4279cad8fac0000005018512bb62475668636d356c6369317562334a3061433568626d46414d54631b91a269310891a161a377',
    '6879a76e6f742d6e6f7733cb4279cad8fac00000',
  ].join('')],
  ['MasteryAttested', { skill: 'a', mastered: true, by: 'teacher', note: 'seen it' }, '018300a361706901cb4279cad8fac0000005018421a16164c35ea774656163686572a46e6f7465a77365656e206974'],
  ['ItemPinned', { item: 'i1', pinned: true, attempts: 2, by: 'teacher', note: 'for Friday' }, '018300a361706901cb4279cad8fac0000005018507a2693165c366025ea774656163686572a46e6f7465aa666f7220467269646179'],
  ['ItemExcluded', { skill: 'a', excluded: true, by: 'teacher', note: 'taught next year' }, '018300a361706901cb4279cad8fac0000005018421a16167c35ea774656163686572a46e6f7465b0746175676874206e6578742079656172'],
  ['StrategyChosen', { strategy, by: 'teacher' }, [
    '018300a361706901cb4279cad8fac000000501823a82a6707265736574a7626c656e646564a36d6978825ea57068617365a67068617365739283a570',
    '68617365ab77686f6c652d636c6173733a82a6707265736574ae646966666572656e746961746564a873657474696e677382a763686f696365730223',
    'c02b1482a57068617365a9666f6c6c6f772d75703a81a6707265736574ac706572736f6e616c697a65645ea774656163686572',
  ].join('')],
  ['StrategyChosen', { strategy, group: 'red', by: 'teacher', at }, [
    '018300a361706901cb4279cad8fac000000501843a82a6707265736574a7626c656e646564a36d6978825ea57068617365a67068617365739283a570',
    '68617365ab77686f6c652d636c6173733a82a6707265736574ae646966666572656e746961746564a873657474696e677382a763686f696365730223',
    'c02b1482a57068617365a9666f6c6c6f772d75703a81a6707265736574ac706572736f6e616c697a6564a567726f7570a37265645ea7746561636865',
    '7233cb4279cad8fac00000',
  ].join('')],
  ['ObjectiveSet', { course: 'algebra', objective: 'o1', locked: true, due: 1_774_000_000_000, by: 'teacher', at }, [
    '018300a361706901cb4279cad8fac0000005018609a7616c67656272611da26f31a66c6f636b6564c363cb4279d0aa3cc000005ea774656163686572',
    '33cb4279cad8fac00000',
  ].join('')],
  ['EnginePaused', { paused: true, by: 'teacher', note: 'ill' }, '018300a361706901cb4279cad8fac00000050183a6706175736564c35ea774656163686572a46e6f7465a3696c6c'],
  ['PlacementStarted', { placement: 'p1', course: 'algebra', objective: 'o1', seed: 7, at }, '018300a361706901cb4279cad8fac000000501854da2703109a7616c67656272611da26f313b0733cb4279cad8fac00000'],
  ['PlacementConcluded', { placement: 'p1', course: 'algebra', priors: [{ skill: 'a', known: 0.875 }], questions: 20, why: 'sure', at }, [
    '018300a361706901cb4279cad8fac000000501864da2703109a7616c6765627261a67072696f7273918221a16168cb3fec000000000000a971756573',
    '74696f6e7314a3776879a47375726533cb4279cad8fac00000',
  ].join('')],
  ['AssessmentRequested', { assessment: 't1', course: 'algebra', kind: 'summative', objective: 'o1', skills: ['a'], items: ['i1'], by: 'learner', at }, [
    '018300a361706901cb4279cad8fac00000050188aa6173736573736d656e74a2743109a7616c676562726124a973756d6d61746976651da26f310891',
    'a1611b91a269315ea76c6561726e657233cb4279cad8fac00000',
  ].join('')],
  ['AssessmentCompleted', { assessment: 't1', certified: ['a'], missing: [{ skill: 'b', why: 'wrong' }], at }, [
    '018300a361706901cb4279cad8fac00000050184aa6173736573736d656e74a27431a963657274696669656491a161a76d697373696e67918221a162',
    'a3776879a577726f6e6733cb4279cad8fac00000',
  ].join('')],
  ['MasteryCertified', { skill: 'a', assessment: 't1', right: 3, asked: 3, known: 0.97, at }, [
    '018300a361706901cb4279cad8fac0000005018621a161aa6173736573736d656e74a27431a5726967687403a561736b65640368cb3fef0a3d70a3d7',
    '0a33cb4279cad8fac00000',
  ].join('')],
  ['PhaseBegun', { phase: 'follow-up', by: 'teacher', at }, '018300a361706901cb4279cad8fac00000050183a57068617365a9666f6c6c6f772d75705ea77465616368657233cb4279cad8fac00000'],
  ['CalendarSet', { course: 'algebra', entries: [{ objective: 'o1', due: 1_774_000_000_000 }], by: 'teacher' }, [
    '018300a361706901cb4279cad8fac0000005018309a7616c6765627261a7656e747269657391821da26f3163cb4279d0aa3cc000005ea77465616368',
    '6572',
  ].join('')],
  ['GroupFormed', { groups: [group], by: 'teacher', at, suggestion: [group] }, [
    '018300a361706901cb4279cad8fac00000050184a667726f7570739185a567726f7570a372656418a3526564a86c6561726e65727391a3616e6124aa',
    '7368617265642d676170a561626f7574a1615ea77465616368657233cb4279cad8fac00000aa73756767657374696f6e9185a567726f7570a3726564',
    '18a3526564a86c6561726e65727391a3616e6124aa7368617265642d676170a561626f7574a161',
  ].join('')],
];

describe('stored bytes', () => {
  it.each(golden)('of %s are written as they ever were', (type, data, bytes) => {
    expect(hex(codec.encode(id, '0', { type, data }, meta).bytes)).toBe(bytes);
    expect(eventSchema(type)).toBe(1);
  });

  it.each(golden)('of %s are read as they ever were', (type, data, bytes) => {
    const stored: Recorded = { id, type, digest: '0', bytes: Uint8Array.from(Buffer.from(bytes, 'hex')), stream: 'learner-north.ana' as StreamName, revision: 0, position: '0' as Position, recordedAt: 0 };
    expect(codec.decode(stored)).toMatchObject({ type, meta, data });
  });
});

it('are facts, or decisions', () => {
  const types = golden.map(([type]) => type);
  expect(types.filter(isObservation)).toEqual([
    ...['AnswerScored', 'AnswerVoided', 'HintTaken', 'ContentViewed', 'SessionStarted', 'SessionEnded'],
    ...['SelfAssessed', 'MoodReported', 'PreferenceStated', 'FeedbackGiven'],
  ]);
  expect(types.filter(isCorrection)).toEqual(['AnswerScored', 'AnswerVoided']);
});
