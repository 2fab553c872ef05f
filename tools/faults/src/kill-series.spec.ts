import { runKills } from './kill-series.js';

it('keeps every promise over 25 kills of a real process at random moments', async () => {
  const seed = 4;
  const counts = await runKills({ seed, kills: 25 });
  // A run in which nothing was acknowledged, opened or closed would prove nothing.
  expect(counts).toMatchObject({ kills: 25 });
  for (const count of [counts.acknowledged, counts.events, counts.checks, counts.opening, counts.closing]) expect(count).toBeGreaterThan(0);
}, 120_000);
