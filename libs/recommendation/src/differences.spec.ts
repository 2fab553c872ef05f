import fc from 'fast-check';
import { differences } from './differences.js';

describe('where two values differ', () => {
  const cases: [string, unknown, unknown, string[]][] = [
    // what                          one                          other                          pointers
    ['nothing',                      { a: [1, { b: null }] },     { a: [1, { b: null }] },       []],
    ['a number',                     { a: { b: 1 } },             { a: { b: 2 } },               ['/a/b']],
    ['the last bit of a number',     [0.1 + 0.2],                 [0.3],                         ['/0']],
    ['the sign of zero',             { a: 0 },                    { a: -0 },                     ['/a']],
    ['the type',                     { a: '1' },                  { a: 1 },                      ['/a']],
    ['a list and an object',         { a: [] },                   { a: {} },                     ['/a']],
    ['null and an object',           { a: null },                 { a: {} },                     ['/a']],
    ['a missing member',             { a: 1, b: 2 },              { a: 1 },                      ['/b']],
    ['a longer list',                [1, 2],                      [1, 2, 3],                     ['/2']],
    ['names that need escapes',      { 'a/b': 1, 'c~d': 1 },      { 'a/b': 2, 'c~d': 2 },        ['/a~1b', '/c~0d']],
    ['the whole',                    1,                           2,                             ['']],
    ['an undefined member',          { a: undefined },            {},                            []],
    ['several places',               { a: [1, 2], b: { c: 1 } },  { a: [1, 3], b: { c: 2 } },    ['/a/1', '/b/c']],
  ];
  it.each(cases)('is found: %s', (_, one, other, pointers) => {
    expect(differences(one, other)).toEqual(pointers);
    expect([...differences(other, one)].sort()).toEqual([...pointers].sort());
  });

  it('is nowhere between a value and its copy', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(differences(value, structuredClone(value))).toEqual([])));
  });
});
