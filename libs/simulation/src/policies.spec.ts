import { readFileSync } from 'node:fs';
import type { CourseContent } from '@trellis/learning';
import { pooled } from './bootstrap.js';
import { courseGraph } from './course-graph.js';
import { normalisedGain } from './metrics.js';
import { POLICIES } from './policies.js';
import { runPolicy } from './run.js';
import { WORLDS } from './worlds/worlds.js';

const course = courseGraph(JSON.parse(readFileSync(new URL('../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as CourseContent);
const STUDENTS = 20;

/** Normalised gain in the worlds K, B, L and F, in thousandths. Change it only together with the figures of a full matrix. */
const GAINS: Readonly<Record<string, readonly number[]>> = {
  random: [146, 214, 332, 398],
  'random-of-all': [136, 214, 332, 398],
  'random-walk': [301, 133, 239, 214],
  'course-order': [194, 327, 487, 267],
  'gate-95-0': [146, 143, 516, 541],
  'gate-95-2': [165, 327, 456, 614],
  'gate-95-8': [146, 306, 531, 544],
  'gate-85-0': [146, 276, 498, 567],
  'gate-85-8': [146, 357, 522, 579],
  'gate-70-0': [146, 357, 490, 599],
  'gate-70-1': [155, 337, 461, 695],
  'gate-70-8': [146, 388, 505, 611],
  'gate-50-0': [87, 480, 430, 606],
  'gate-50-8': [49, 429, 434, 606],
  'gate-85-8-recipe-bkt': [146, 367, 522, 571],
  'difficulty-50': [194, 235, 326, 266],
  'difficulty-70': [184, 265, 356, 222],
  'difficulty-85': [184, 265, 343, 222],
  alosi: [19, 398, 434, 420],
  'alosi-recipe-bkt': [19, 327, 493, 501],
  'zpdes-75': [272, 133, 454, 451],
  'zpdes-50': [262, 204, 449, 466],
  'least-practised': [524, 296, 463, 517],
  'targets-only-random': [146, 337, 396, 499],
  'targets-only-gate-95-2': [184, 510, 384, 517],
  'targets-only-least-practised': [330, 327, 398, 515],
  'true-state': [883, 796, 649, 711],
  recommended: [592, 449, 593, 723],
  'recommended-exploring': [621, 429, 593, 727],
  'graph-free': [583, 480, 582, 706],
  'graph-free-exploring': [583, 439, 587, 719],
  engine: [583, 449, 571, 707],
  'engine-exploring': [553, 449, 577, 711],
};

describe('the policies that are judged', () => {
  it('have names of their own', () => {
    expect(new Set(POLICIES.map(({ policy }) => policy.name)).size).toBe(POLICIES.length);
    expect(POLICIES.map(({ policy }) => policy.name)).toEqual(Object.keys(GAINS));
  });

  it.each(POLICIES.map((listed) => [listed.policy.name, listed] as const))('gain what they gained when the matrix was checked: %s', (name, { policy }) => {
    const gains = WORLDS.map((world) => pooled(normalisedGain(runPolicy({ course, world, policy, split: 31, from: 0, to: STUDENTS }))));
    expect(gains.map((gain) => Math.round(1_000 * gain))).toEqual(GAINS[name]);
  });
});
