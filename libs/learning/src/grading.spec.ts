import fc from 'fast-check';
import { grade, type AnswerKey } from './grading.js';

const number = (...values: string[]): AnswerKey => ({ type: 'number', values });
const text = (...values: string[]): AnswerKey => ({ type: 'text', values });
const choice = (...values: string[]): AnswerKey => ({ type: 'choice', values });

type Case = readonly [key: AnswerKey, response: string, verdict: boolean | null];

const check = (cases: readonly Case[]) =>
  it.each(cases.map(([key, response, verdict]) => ({ values: key.values, response, verdict, key })))(
    '$values, given $response: $verdict',
    ({ key, response, verdict }) => expect(grade(key, response)).toBe(verdict),
  );

describe('a number is compared as a number', () => {
  check([
    [number('-4'),      '-4',              true],
    [number('-4'),      ' \u22124 ',       true],
    [number('-4'),      '$$-4$$',          true],
    [number('-4'),      '4',               false],
    [number('-4'),      '+4',              false],
    [number('12.5'),    '12.50',           true],
    [number('0.5'),     '.5',              true],
    [number('5'),       '5.',              true],
    [number('3/4'),     '0.75',            true],
    [number('3/4'),     '\\frac{3}{4}',    true],
    [number('3/4'),     '$$\\dfrac{3}{4}$$', true],
    [number('-3/4'),    '$$\\frac{-3}{4}$$', true],
    [number('-3/4'),    '-\\frac{3}{4}',   true],
    [number('-3/4'),    '3/-4',            true],
    [number('3/4'),     '3 / 4',           true],
    [number('3/2'),     '1 1/2',           true],
    [number('3/2'),     '1\\frac{1}{2}',   true],
    [number('-3/2'),    '-1 1/2',          true],
    [number('11/2'),    '1 1/2',           false],
    [number('3/4'),     '4/3',             false],
    [number('104000'),  '104,000',         true],
    [number('1234567.5'), '1,234,567.5',   true],
    [number('1.79'),    '$1.79',           true],
    [number('1.79'),    '\\$1.79',         true],
    [number('-5'),      '-$5',             true],
    [number('0.1'),     '0.10000000000000000001', null],
    [number('9007199254740993'), '9007199254740992', false],
    [number('1', '-2'), '-2',              true],
    [number('1', '-2'), '2',               false],
  ]);
});

describe('what cannot be read as one number is undecided, not wrong', () => {
  check([
    [number('3'),    '',            null],
    [number('3'),    '   ',         null],
    [number('3'),    'three',       null],
    [number('3'),    'x=3',         null],
    [number('3'),    'x=4',         null],
    [number('3'),    '3 miles',     null],
    [number('3'),    '3x',          null],
    [number('9'),    '3\u00B2',     null],
    [number('9'),    '3^2',         null],
    [number('3'),    '6-3',         null],
    [number('3'),    '(3)',         null],
    [number('3'),    '--3',         null],
    [number('3.5'),  '3,5',         null],
    [number('3'),    '3, 5',        null],
    [number('12'),   '1 2',         null],
    [number('3'),    '3/0',         null],
    [number('0.5'),  '0.5/1',       null],
    [number('3'),    '0x3',         null],
    [number('3'),    'Infinity',    null],
    [number('3'),    '\u0663',      null],
    [number('3'),    '3'.repeat(41), null],
    [number('3'),    '3'.repeat(1_001), null],
  ]);
});

describe('what may mean the right number is undecided', () => {
  check([
    [number('3/4'),   '6/8',     null],
    [number('3'),     '6/2',     null],
    [number('3'),     '3/1',     null],
    [number('16/36'), '16/36',   true],
    [number('16/36'), '4/9',     true],
    [number('50'),    '50%',     null],
    [number('50%'),   '50',      null],
    [number('0.5'),   '50%',     null],
    [number('50%'),   '50 %',    true],
    [number('50%'),   '40%',     false],
    [number('50'),    '40%',     false],
    [number('50', '50%'), '50%', true],
    [number('1/3'),   '0.33',    null],
    [number('1/3'),   '0.34',    null],
    [number('1/3'),   '0.35',    false],
    [number('2/3'),   '0.66',    null],
    [number('16.7'),  '16.67',   null],
    [number('16.7'),  '16.8',    false],
    [number('3'),     '2.9',     false],
    [number('1.234'), '1,234',   null],
    [number('1234'),  '1.234',   null],
    [number('-1234'), '-1.234',  null],
    [number('1235'),  '1,234',   false],
  ]);
});

describe('a number with a name is compared with one of that name', () => {
  check([
    [number('x=-4'),       'x = -4',  true],
    [number('x=-4'),       'X=-4',    true],
    [number('x=-4'),       'x=4',     false],
    [number('x=-4'),       'y=-4',    null],
    [number('x=-4'),       '-4',      null],
    [number('x=-4'),       '4',       null],
    [number('x=-4', '-4'), '-4',      true],
    [number('x=-4', '-4'), 'x=-4',    true],
    [number('x=-4', '-4'), '4',       false],
    [number('x=-4', '-4'), 'x=4',     false],
    [number('x=-4', '-4'), 'y=4',     null],
  ]);
});

describe('a text is right in its own spelling only', () => {
  check([
    [text('3/4'),     '3/4',             true],
    [text('3/4'),     '$$\\frac{3}{4}$$', true],
    [text('3/4'),     '6/8',             null],
    [text('3/4'),     '0.75',            null],
    [text('3/4'),     '4/3',             false],
    [text('11/2'),    '1 1/2',           false],
    [text('0.62'),    '62%',             null],
    [text('0.62'),    '0.26',            false],
    [text('51'),      '0.51',            false],
    [text('DNE'),     ' dne ',           true],
    [text('DNE', 'does not exist'), 'Does  not exist', true],
    [text('DNE'),     'complex',         false],
    [text('DNE', 'does not exist'), 'complex', null],
    [text('DNE'),     'no solution',     null],
    [text('DNE'),     'x=3',             null],
    [text('DNE'),     '3',               null],
    [text('five'),    '5',               null],
    [text('4x+12'),   '4x + 12',         true],
    [text('4x+12'),   '12+4x',           null],
    [text('x'),       'y',               null],
    [text('DNE'),     '',                null],
  ]);
});

describe('a choice is right or wrong by its text', () => {
  check([
    [choice('$$y=3x+5$$'),        'y = 3x + 5',    true],
    [choice('$$y=3x+5$$'),        '$$y=5x+3$$',    false],
    [choice("Don\u2019t know"),   "don't know",    true],
    [choice('$$\\left(3,1\\right)$$'), '(3,1)',    true],
    [choice('$$\\left(3,1\\right)$$'), '(1,3)',    false],
    [choice('$$x \\leftarrow 3$$'), 'x 3',         false],
    [choice('Yes', 'True'),       'true',          true],
    [choice('Yes'),               'No',            false],
    [choice('Yes'),               'B',             null],
    [choice('Yes'),               '(b)',           null],
    [choice('B'),                 '(b)',           true],
    [choice('B'),                 'C',             false],
    [choice('Yes'),               '2',             null],
    [choice('17'),                '2',             false],
    [choice('x'),                 'y',             false],
    [choice('undefined'),         '-13',           false],
    [choice('x=-4'),              'y=-4',          false],
    [choice('1/2'),               '0.50',          null],
    [choice('1/2'),               '0.7',           false],
    [choice('Yes'),               '',              null],
  ]);
});

describe('laws', () => {
  const key: fc.Arbitrary<AnswerKey> = fc.record({
    type: fc.constantFrom('choice' as const, 'number' as const, 'text' as const),
    values: fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 3 }),
  });

  it('never throws, whatever is given', () => {
    fc.assert(fc.property(key, fc.string({ unit: 'binary' }), (any, response) => [true, false, null].includes(grade(any, response))));
  });

  it('never calls the text of a value wrong', () => {
    fc.assert(fc.property(key, fc.nat(2), (any, n) => grade(any, any.values[n % any.values.length] ?? '') !== false));
  });

  it('reads every whole number and every reduced fraction that it can write', () => {
    const whole = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(fc.property(whole, whole, (a, b) => {
      expect(grade(number(`${a}`), `${b}`)).toBe(a === b);
      expect(grade(number(`${a}`), `${a}.0`)).toBe(true);
      expect(grade(number(`${a}/10000000000000061`), `${a}/10000000000000061`)).not.toBe(false);
    }));
  });

  it('takes a decimal for the fraction that it is', () => {
    fc.assert(fc.property(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 1, max: 4 }), (n, places) => {
      const fraction = number(`${n}/${10 ** places}`);
      expect(grade(fraction, (n / 10 ** places).toFixed(places))).toBe(true);
    }));
  });
});
