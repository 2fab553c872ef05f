import { repeatedRows, type RawRows } from './repeated-rows.js';

/** Learner, item, skill, answer, time, number of the answer. */
type Row = readonly [learner: string, item: string, skill: string, right: number, at?: number, order?: string];

function raw(...rows: readonly Row[]): RawRows {
  return {
    learner: rows.map(([one]) => one),
    item: rows.map(([, one]) => one),
    skill: rows.map(([, , one]) => one),
    right: rows.map(([, , , one]) => one),
    at: rows.some((row) => row[4] !== undefined) ? rows.map((row) => row[4] ?? NaN) : null,
    ...(rows.some((row) => row[5] !== undefined) ? { order: rows.map((row) => row[5] ?? '') } : {}),
  };
}

describe('rows repeated once per skill', () => {
  it('are found among neighbours', () => {
    const found = repeatedRows(raw(['x', 'i', 'a', 1], ['x', 'i', 'b', 1], ['x', 'i', 'c', 1], ['x', 'j', 'a', 0], ['y', 'j', 'a', 0]));
    expect(found).toMatchObject({ rows: 5, answers: 1, by: 'neighbours', surplus: Int32Array.of(1, 2) });
    expect(found.examples).toEqual([{ learner: 'x', item: 'i', right: true, skills: ['a', 'b', 'c'], rows: [0, 1, 2] }]);
  });

  it('are found by their time, wherever they stand', () => {
    const found = repeatedRows(raw(['x', 'i', 'a', 1, 7], ['x', 'j', 'a', 1, 9], ['x', 'i', 'b', 1, 7], ['y', 'i', 'b', 1, 7]));
    expect(found).toMatchObject({ answers: 1, by: 'time', surplus: Int32Array.of(2) });
  });

  it('are found by the number that the source gives an answer', () => {
    const found = repeatedRows(raw(['x', 'i', 'a', 1, 1, '17'], ['x', 'i', 'c', 1, 2, '18'], ['x', 'i', 'b', 1, 3, '17']));
    expect(found).toMatchObject({ answers: 1, by: 'order', surplus: Int32Array.of(2) });
  });

  it('are found among neighbours where times move and say nothing', () => {
    expect(repeatedRows(raw(['x', 'i', 'a', 1, 1], ['x', 'i', 'b', 1, 2]))).toMatchObject({ answers: 1, by: 'neighbours' });
  });

  it('are told from tries: each try has its own rows', () => {
    const tries = raw(['x', 'i', 'a', 0], ['x', 'i', 'b', 0], ['x', 'i', 'a', 0], ['x', 'i', 'b', 0]);
    expect(repeatedRows(tries)).toMatchObject({ answers: 2, surplus: Int32Array.of(1, 3) });
  });

  it.each([
    { what: 'a second try', rows: [['x', 'i', 'a', 1], ['x', 'i', 'a', 1]] as Row[] },
    { what: 'another answer', rows: [['x', 'i', 'a', 0], ['x', 'i', 'b', 1]] as Row[] },
    { what: 'another learner', rows: [['x', 'i', 'a', 1], ['y', 'i', 'b', 1]] as Row[] },
    { what: 'answers without an item', rows: [['x', '', 'a', 1], ['x', '', 'b', 1]] as Row[] },
    { what: 'answers with another item between', rows: [['x', 'i', 'a', 1], ['x', 'j', 'a', 1], ['x', 'i', 'b', 1]] as Row[] },
    { what: 'nothing', rows: [] as Row[] },
  ])('are not seen in $what', ({ rows }) => {
    expect(repeatedRows(raw(...rows))).toMatchObject({ rows: rows.length, answers: 0, surplus: new Int32Array(), examples: [] });
  });

  it('are shown by a handful of examples', () => {
    const rows = Array.from({ length: 40 }, (_, n): Row => ['x', `${n >> 1}`, n % 2 === 0 ? 'a' : 'b', 1]);
    expect(repeatedRows(raw(...rows)).answers).toBe(20);
    expect(repeatedRows(raw(...rows)).examples).toHaveLength(5);
  });
});
