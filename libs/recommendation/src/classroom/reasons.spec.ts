import { CLASSROOM_TEXTS, type Sentence } from './reasons.js';

const { en, es } = CLASSROOM_TEXTS;
const parameters = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

it('says everything in both languages, to the same readers', () => {
  expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
  for (const [key, sentence] of Object.entries(en)) expect([key, Object.keys((es as Record<string, object>)[key] ?? {})]).toEqual([key, Object.keys(sentence)]);
});

it('uses the same parameters in both languages', () => {
  for (const [key, sentence] of Object.entries<Sentence>(en)) {
    const other = (es as Record<string, Sentence>)[key];
    for (const reader of ['teacher', 'learner'] as const) expect([key, reader, parameters(other?.[reader] ?? '')]).toEqual([key, reader, parameters(sentence[reader] ?? '')]);
  }
});
