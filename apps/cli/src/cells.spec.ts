import { numberOf, skillsOf, timeOf, truthOf } from './cells.js';

describe('the time in a cell', () => {
  it.each([
    ['an empty cell', '', undefined, undefined],
    ['zero, which stands for no time', '0', undefined, undefined],
    ['zero with decimals', '0.0', undefined, undefined],
    ['zero in milliseconds', '0', 'ms', undefined],
    ['RFC 3339 as it is', '2024-05-06T07:08:09+02:00', undefined, '2024-05-06T07:08:09+02:00'],
    ['seconds', '1715000000', undefined, '2024-05-06T12:53:20.000Z'],
    ['seconds with decimals', '1715000000.25', undefined, '2024-05-06T12:53:20.250Z'],
    ['milliseconds, by their size', '1715000000250', undefined, '2024-05-06T12:53:20.250Z'],
    ['the last second below the border', '99999999999', undefined, '5138-11-16T09:46:39.000Z'],
    ['the first millisecond at the border', '100000000000', undefined, '1973-03-03T09:46:40.000Z'],
    ['small milliseconds, when it is said', '86400000', 'ms', '1970-01-02T00:00:00.000Z'],
    ['large seconds, when it is said', '100000000000', 's', '5138-11-16T09:46:40.000Z'],
    ['seconds before 1970, which the edge refuses', '-5', undefined, '1969-12-31T23:59:55.000Z'],
    ['a number that is no time at all', '1e30', undefined, '1e30'],
    ['a date without a zone, which the edge refuses', '2024-05-06 07:08:09', undefined, '2024-05-06 07:08:09'],
  ] as const)('%s', (_what, cell, unit, time) => expect(timeOf(cell, unit)).toBe(time));
});

it.each([
  ['1', true], ['true', true], ['TRUE', true], ['1.0', true],
  ['0', false], ['false', false], ['False', false], ['0.0', false],
  // Handed on, so that the edge names them.
  ['2', '2'], ['yes', 'yes'], [' 1', ' 1'],
])('reads %j as correct: %j', (cell, truth) => expect(truthOf(cell)).toBe(truth));

it.each([
  ['3', 3], ['-0.5', -0.5], ['1e3', 1000], ['+2', 2],
  ['', ''], ['0x10', '0x10'], ['Infinity', 'Infinity'], ['1,5', '1,5'], ['.5', '.5'],
])('reads %j as the number %j', (cell, number) => expect(numberOf(cell)).toBe(number));

it.each([
  ['sums', ['sums']], ['a;b', ['a', 'b']], ['a, b', ['a', 'b']], ['a|b c', ['a', 'b', 'c']], ['a;;b;', ['a', 'b']], ['k~1;k_2', ['k~1', 'k_2']],
])('reads %j as the skills %j', (cell, skills) => expect(skillsOf(cell)).toEqual(skills));
