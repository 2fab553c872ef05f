import { quantile, seriesOf } from './exposition.js';

it('reads the series that are asked for', () => {
  const text = ['# HELP a b', 'a_total{route="/v1/x",status="200"} 3', 'a_total 4.5', 'b_bucket{le="+Inf"} 1', 'c 2', ''].join('\n');
  expect(seriesOf(text, ['a_total', 'b'])).toEqual([
    { name: 'a_total', labels: { route: '/v1/x', status: '200' }, value: 3 },
    { name: 'a_total', labels: {}, value: 4.5 },
    { name: 'b_bucket', labels: { le: '+Inf' }, value: 1 },
  ]);
});

it.each([
  ['half way into a bucket', [[1, 0], [2, 10], [Infinity, 10]], 0.5, 1.5],
  ['in the first bucket', [[1, 10], [2, 10], [Infinity, 10]], 0.5, 0.5],
  ['whatever the order of buckets', [[Infinity, 10], [2, 10], [1, 5]], 0.75, 1.5],
  ['at the last bound where more is not known', [[1, 0], [2, 0], [Infinity, 4]], 0.99, 2],
  ['nowhere when nothing came', [[1, 0], [Infinity, 0]], 0.5, null],
] as const)('finds a quantile %s', (_, buckets, share, found) => {
  expect(quantile(new Map(buckets), share)).toBe(found);
});
