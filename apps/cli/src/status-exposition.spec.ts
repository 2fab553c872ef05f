import { parseExposition } from './status-exposition.js';

const only = (text: string) => [...parseExposition(text)];

it('reads samples with and without labels, and passes over comments and empty lines', () => {
  const text = '# HELP a What it is\n# TYPE a counter\na{x="1",y="2"} 5\na{x="2",y="2"} 6\n\nb 0.25\nb_bucket{le="+Inf"} 3\n';
  expect(only(text)).toEqual([
    ['a', [{ labels: { x: '1', y: '2' }, value: 5 }, { labels: { x: '2', y: '2' }, value: 6 }]],
    ['b', [{ labels: {}, value: 0.25 }]],
    ['b_bucket', [{ labels: { le: '+Inf' }, value: 3 }]],
  ]);
});

it.each([
  ['a +Inf', Infinity],
  ['a -Inf', -Infinity],
  ['a NaN', NaN],
  ['a 1e-9', 1e-9],
  ['a -3 1700000000000', -3],
])('reads the number of %j', (line, value) => expect(only(line)).toEqual([['a', [{ labels: {}, value }]]]));

it('reads labels that hold quotes, braces, commas, backslashes and breaks', () => {
  expect(only('a{route="/v1/{id}, \\"x\\"",why="a\\nb\\\\n",} 1')).toEqual([['a', [{ labels: { route: '/v1/{id}, "x"', why: 'a\nb\\n' }, value: 1 }]]]);
});

it.each(['<html>', 'a', 'a{x=1} 2', 'a{x="1" 2', 'a five', '{"ready":true}'])('says which line is something else: %j', (line) => {
  expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow("line 2 is not in Prometheus' text format: ");
});
