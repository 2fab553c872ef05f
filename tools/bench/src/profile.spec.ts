import { topCosts, type Profile } from './profile.js';

const frame = (functionName: string, url = '', lineNumber = 0): Profile['nodes'][number]['callFrame'] => ({ functionName, url, lineNumber });

it('adds up the time at the top of the stack, leaves idle time out, and names the place', () => {
  const profile: Profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('fold', 'file:///somewhere/libs/views/dist/learner-view.js', 9) },
      { id: 3, callFrame: frame('(garbage collector)') },
      { id: 4, callFrame: frame('fold', 'file:///somewhere/libs/views/dist/learner-view.js', 9) },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [1_000, 30, 40, 30],
  };
  // By hand: 100 us of work, of which 60 in the fold.
  expect(topCosts(profile)).toEqual([
    { where: 'fold views/dist/learner-view.js:10', share: 0.6 },
    { where: '(garbage collector)', share: 0.4 },
  ]);
});
