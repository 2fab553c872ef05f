import { linearAxis, logAxis, namesAxis, shareOf } from './axis.js';
import { bars, barsHeight } from './bars.js';
import { panel, type Panel } from './panel.js';
import { widthOf } from './svg.js';

const LONG = 'a name that is much longer than anything that a panel of this size could ever hold beside its axis';
const spec: Panel = {
  title: 'latency, ms',
  along: 'seconds',
  width: 352,
  height: 230,
  x: linearAxis([], { to: 1_000_000 }),
  y: linearAxis([1_234_567]),
  series: [{ name: 'p50', tone: 0, points: [{ x: 0, y: 5 }, { x: 1, y: null }, { x: 1_000_000, y: 1_234_567 }] }],
};

/** Words that would stand outside the drawing. */
function cutOff(svg: string, width: number): string[] {
  return [...svg.matchAll(/<text x="([-\d.]+)"[^>]*?(?:text-anchor="(\w+)")?>([^<]*)</g)].flatMap(([, at, anchor = 'start', words = '']) => {
    const from = Number(at) - widthOf(words) * ({ start: 0, middle: 0.5, end: 1 }[anchor] ?? 0);
    return from < -0.5 || from + widthOf(words) > width + 0.5 ? [words] : [];
  });
}

describe('a panel', () => {
  it('cuts no words, however long they are and wherever they belong', () => {
    const limits = [{ y: 10, words: 'p50 of this at most 10 ms', from: 0, to: 10 }];
    const marks = [{ x: 0, words: 'knee: 0/s' }, { x: 1_000_000, words: 'knee: 1,000,000/s' }];
    expect(cutOff(panel({ ...spec, limits, marks }), spec.width)).toEqual([]);
    expect(cutOff(panel({ ...spec, title: LONG, along: LONG }), spec.width)).toEqual([]);
  });
  it('leaves a gap where nothing is known', () => {
    const points = [1, 2, null, 3, 4].map((y, x) => ({ x, y }));
    expect(panel({ ...spec, series: [{ name: 'p50', tone: 0, points }] }).match(/<polyline/g)).toHaveLength(2);
  });
  it('says which line is which where there are several', () => {
    const [one] = spec.series;
    expect(panel(spec)).not.toContain('>p50<');
    expect(panel({ ...spec, series: [one, { ...one, name: 'p99', tone: 1 }] as Panel['series'] })).toMatch(/>p50<.*>p99</);
  });
  it('draws numbers only, also of nothing', () => {
    expect(panel({ ...spec, x: linearAxis([]), y: logAxis([]), series: [{ name: 'p50', tone: 0, points: [] }] })).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('bars', () => {
  const some = { title: LONG, width: 352, series: [{ name: 'JSON', tone: 0 }, { name: 'NDJSON', tone: 3 }], rows: [{ name: LONG, values: [12_345_678, 0] }, { name: 'b', values: [1, null] }] } as const;

  it('stay in their box with their numbers', () => {
    expect(cutOff(bars(some), some.width)).toEqual([]);
    const below = [...bars(some).matchAll(/ y="([\d.]+)"/g)].map(([, at]) => Number(at));
    expect(Math.max(...below)).toBeLessThan(barsHeight(some));
  });
  it('show nothing of nothing, and say where there is no number', () => {
    expect(bars(some).match(/<rect/g)).toHaveLength(2);
    expect(bars(some)).toContain('>none<');
  });
});

describe('an axis', () => {
  it('has round numbers', () => {
    expect(linearAxis([364]).ticks.map(({ at }) => at)).toEqual([0, 200, 400]);
    expect(logAxis([2, 90]).ticks.map(({ words }) => words)).toEqual(['1', '3', '10', '30', '100']);
    expect(logAxis([0.2, 9_000]).ticks.map(({ words }) => words)).toEqual(['0.1', '1', '10', '100', '1,000', '10,000']);
  });
  it('holds what it is made of', () => {
    for (const values of [[0], [3], [0.004], [0, 7], [1, 1e6], [999, 1_001]]) {
      for (const axis of [linearAxis(values), logAxis(values)]) {
        expect(axis.from).toBeLessThan(axis.to);
        for (const value of values) expect(value).toBeLessThanOrEqual(axis.to);
        expect(axis.ticks.length).toBeGreaterThan(0);
      }
    }
  });
  it('has names in the middle of their places', () => {
    expect(namesAxis(['a', 'b']).ticks.map(({ at }) => shareOf(namesAxis(['a', 'b']), at))).toEqual([0.25, 0.75]);
  });
});
