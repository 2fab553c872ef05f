import fc from 'fast-check';
import { posteriorUnknown, rightProbability, trace, traceUnknown, traceUnknownForgetting, type BktParameters } from './bkt.js';

const traceScore = (known: number, score: number, q: BktParameters): number => 1 - traceUnknown(1 - known, score, q);

const p: BktParameters = { prior: 0.2, learn: 0.15, guess: 0.2, slip: 0.1 };

const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const parameters = fc
  .record({ prior: probability, learn: fc.double({ min: 0, max: 0.9, noNaN: true }), guess: fc.double({ min: 0.001, max: 0.49, noNaN: true }), slip: fc.double({ min: 0.001, max: 0.49, noNaN: true }) });

describe('tracing one answer', () => {
  it('rises after a right answer', () => {
    // By hand: 0.2*0.9 / (0.2*0.9 + 0.8*0.2) = 0.529411..., then + (1 - 0.529411...) * 0.15.
    expect(trace(0.2, true, p)).toBeCloseTo(0.6, 10);
  });

  it('falls after a wrong answer, then takes in the chance to learn', () => {
    // By hand: 0.2*0.1 / (0.2*0.1 + 0.8*0.8) = 0.030303..., then + 0.969696... * 0.15 = 0.175757...
    expect(trace(0.2, false, p)).toBeCloseTo(0.17575757575, 10);
  });

  it('weighs a half score between the two posteriors', () => {
    // By hand: 0.5*0.529411... + 0.5*0.030303... = 0.279857..., then + 0.720142... * 0.15 = 0.387878...
    expect(traceScore(0.2, 0.5, p)).toBeCloseTo(0.38787878787, 10);
  });

  it('predicts the next answer from knowing, slipping and guessing', () => {
    // By hand: 0.6*0.9 + 0.4*0.2.
    expect(rightProbability(0.6, p)).toBeCloseTo(0.62, 10);
  });
});

it('still hears wrong answers after a long run of right ones', () => {
  const q: BktParameters = { prior: 0.3, learn: 0.2, guess: 0.3, slip: 0.2 };
  let unknown = 0.7;
  for (let n = 0; n < 60; n++) unknown = traceUnknown(unknown, 1, q);
  for (let n = 0; n < 80; n++) unknown = traceUnknown(unknown, 0, q);
  expect(1 - unknown).toBeLessThan(0.5);
});

it('forgets at a chance to practise', () => {
  // By hand: 0.2*0.9 / (0.2*0.9 + 0.8*0.2) = 0.529411..., of which 0.9 stay; + (1 - 0.529411...) * 0.15 = 0.547058...
  expect(1 - traceUnknownForgetting(0.8, 1, { ...p, forget: 0.1 })).toBeCloseTo(0.54705882352, 10);
});

describe('laws', () => {
  // Sane: guess + slip < 1, which the other one of the two may use up almost alone.
  const sane = fc.tuple(parameters, probability, probability).map(([q, share, sum]) => ({ ...q, guess: share * sum, slip: (1 - share) * sum }));
  const between = fc.double({ min: 0, max: 1, noNaN: true });

  it('never falls after a right answer, never rises after a wrong one, before the chance to learn', () => {
    fc.assert(fc.property(sane, probability, (q, unknown) => {
      expect(posteriorUnknown(unknown, 1, q)).toBeLessThanOrEqual(unknown * (1 + 1e-12));
      expect(posteriorUnknown(unknown, 0, q)).toBeGreaterThanOrEqual(unknown * (1 - 1e-12));
    }), { numRuns: 1000 });
  });

  it('puts a partial score between right and wrong', () => {
    fc.assert(fc.property(sane, probability, between, (q, unknown, score) => {
      const after = posteriorUnknown(unknown, score, q);
      expect(after).toBeGreaterThanOrEqual(posteriorUnknown(unknown, 1, q) * (1 - 1e-12));
      expect(after).toBeLessThanOrEqual(posteriorUnknown(unknown, 0, q) * (1 + 1e-12));
    }));
  });

  it('without forgetting gives the very bits of the model that has none', () => {
    fc.assert(fc.property(sane, probability, between, (q, unknown, score) => {
      expect(traceUnknownForgetting(unknown, score, { ...q, forget: 0 })).toBe(traceUnknown(unknown, score, q));
    }));
  });

  it('stays a probability whatever is answered', () => {
    fc.assert(fc.property(parameters, probability, fc.double({ min: 0, max: 1, noNaN: true }), (q, known, score) => {
      const after = traceScore(known, score, q);
      expect(after).toBeGreaterThanOrEqual(0);
      expect(after).toBeLessThanOrEqual(1);
    }));
  });

  it('never falls after a right answer', () => {
    fc.assert(fc.property(parameters, probability, (q, known) => {
      expect(trace(known, true, q)).toBeGreaterThanOrEqual(known - 1e-12);
    }));
  });

  it('is higher the better the score', () => {
    fc.assert(fc.property(parameters, probability, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (q, known, a, b) => {
      expect(traceScore(known, Math.max(a, b), q)).toBeGreaterThanOrEqual(traceScore(known, Math.min(a, b), q) - 1e-12);
    }));
  });

  it('gives for scores 1 and 0 the very bits of right and wrong', () => {
    fc.assert(fc.property(parameters, probability, (q, known) => {
      expect(traceScore(known, 1, q)).toBe(trace(known, true, q));
      expect(traceScore(known, 0, q)).toBe(trace(known, false, q));
    }));
  });
});
