import { formatTime, parseTime, timeMs } from './time.js';

it('reads RFC 3339 times', () => {
  const cases: [string, string][] = [
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['2024-05-06T07:08:09.123Z', '2024-05-06T07:08:09.123Z'],
    ['2024-05-06t07:08:09.1z', '2024-05-06T07:08:09.100Z'],
    ['2024-05-06T07:08:09.12Z', '2024-05-06T07:08:09.120Z'],
    ['2024-05-06T07:08:09.123999999Z', '2024-05-06T07:08:09.123Z'],
    ['2024-05-06T07:08:09+02:30', '2024-05-06T04:38:09.000Z'],
    ['2024-05-06T23:08:09.5-02:30', '2024-05-07T01:38:09.500Z'],
    ['2024-05-06T07:08:09-00:00', '2024-05-06T07:08:09.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ];
  for (const [text, utc] of cases) expect(formatTime(timeMs(text))).toBe(utc);
});

it('agrees with Date on every day of the calendar it can be asked about', () => {
  for (let day = 0; day < 60_000; day += 1) {
    const utc = new Date(day * 86_400_000).toISOString();
    if (timeMs(utc) !== day * 86_400_000) throw new Error(utc);
  }
});

it('refuses what is no time', () => {
  const texts = [
    '', 'today', '2024-05-06', '2024-05-06T07:08:09', '2024-05-06 07:08:09Z', '2024-05-06T07:08Z', '2024-5-06T07:08:09Z',
    '2024-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2024-00-01T00:00:00Z', '2024-13-01T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-05-06T24:00:00Z', '2024-05-06T07:60:00Z', '2024-05-06T07:08:61Z', '2024-05-06T07:08:09.Z', '2024-05-06T07:08:09,5Z',
    '2024-05-06T07:08:09+0200', '2024-05-06T07:08:09+24:00', '2024-05-06T07:08:09+02:60', '2024-05-06T07:08:09Z ', '2024-05-06T07:08:09Zulu',
    `2024-05-06T07:08:09.${'1'.repeat(80)}Z`, '+024-05-06T07:08:09Z', '2024/05/06T07:08:09Z', '1715000000000', '２024-05-06T07:08:09Z',
  ];
  for (const text of texts) expect([text, timeMs(text)]).toEqual([text, NaN]);
});

it('answers the time, or the code and a sentence', () => {
  const right = 'it must be an RFC 3339 time such as "2024-05-06T07:08:09.123Z"';
  expect(parseTime('1970-01-01T00:00:01Z')).toEqual({ ms: 1000 });
  expect(parseTime('1969-12-31T23:59:59.999Z')).toEqual({
    code: 'time-before-1970',
    message: 'is "1969-12-31T23:59:59.999Z"; it must not lie before 1970',
  });
  expect(parseTime('1970-01-01T00:00:00+00:01')).toMatchObject({ code: 'time-before-1970' });
  expect(parseTime('soon')).toEqual({ code: 'wrong-type', message: `is "soon"; ${right}` });
  expect(parseTime(1715000000000)).toEqual({ code: 'wrong-type', message: `is 1715000000000; ${right}` });
  expect(parseTime(undefined)).toEqual({ code: 'wrong-type', message: `is nothing; ${right}` });
});
