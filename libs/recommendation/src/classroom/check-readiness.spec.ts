import { MASTERED, standingWith, towards } from '../testing/classes.js';
import { checkReadiness } from './check-readiness.js';

const classroom = towards('basics');

it('is there once everything that is worked towards is mastered, and no check has certified it', () => {
  expect(checkReadiness(standingWith({ skills: { a: MASTERED } }, { classroom }))).toMatchObject({ ready: false, uncertified: ['a', 'b'], reason: { key: 'check-not-ready', params: { open: 1 } } });
  expect(checkReadiness(standingWith({ skills: { a: MASTERED, b: MASTERED } }, { classroom }))).toMatchObject({ ready: true, uncertified: ['a', 'b'], reason: { key: 'check-ready', params: { title: 'basics', skills: 2 } } });
});

it('is over once all is certified', () => {
  const certified = ['a', 'b'].map((skill) => ({ skill, assessment: 'check-1', at: 0 })) as never;
  expect(checkReadiness(standingWith({ skills: { a: MASTERED }, plan: { certified } }, { classroom }))).toMatchObject({ ready: false, uncertified: [], reason: { key: 'check-passed' } });
});
