// Days of the calendar from milliseconds, without a clock.

const DAY_MS = 86_400_000;
const DAYS_OF_400_YEARS = 146_097;
const DAYS_OF_100_YEARS = 36_524;
const DAYS_OF_4_YEARS = 1_460;
/** From the 1st of March of the year 0, where leap days come last, to 1970. */
const DAYS_TO_1970 = 719_468;

/** "2026-03-01" in UTC (Richards, 2013, "Calendars", Explanatory supplement to the Astronomical almanac, 3rd ed., 15.11). */
export function dayOf(ms: number): string {
  const day = Math.floor(ms / DAY_MS) + DAYS_TO_1970;
  const era = Math.floor(day / DAYS_OF_400_YEARS);
  const ofEra = day - era * DAYS_OF_400_YEARS;
  const year = Math.floor((ofEra - Math.floor(ofEra / DAYS_OF_4_YEARS) + Math.floor(ofEra / DAYS_OF_100_YEARS) - Math.floor(ofEra / (DAYS_OF_400_YEARS - 1))) / 365);
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const date = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return [String(year + 400 * era + (month <= 2 ? 1 : 0)).padStart(4, '0'), String(month).padStart(2, '0'), String(date).padStart(2, '0')].join('-');
}

/** From one to the other; days alone where the source counts from its own first event, so that no year can be told. */
export function period(first: number | null, last: number | null): string {
  if (first === null || last === null || !Number.isFinite(first) || !Number.isFinite(last)) return 'without times';
  if (last < COUNTED_MS) return `over ${Math.floor((last - first) / DAY_MS) + 1} days, counted from the first event of the source`;
  return `from ${dayOf(first)} to ${dayOf(last)}`;
}

/** Nobody kept such logs in the 1970s: earlier than 1980 no time is a date. */
const COUNTED_MS = 3_652 * DAY_MS;
