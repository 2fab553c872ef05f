import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { dayOf, period } from './calendar.js';
import { CARD_CHARS_MAX, CARD_FLAWS_MAX, CARD_GROUPS_MAX, CARD_ITEMS_MAX, modelCard } from './model-card.js';
import type { CardFigures, CardFlaw, CardGroup, CardItem, ModelCardInput } from './model-card-input.js';

const figures = (model: string, change: Partial<CardFigures> = {}): CardFigures => ({ model, n: 20_000, auc: 0.7612, logLoss: 0.5321, brier: 0.1789, ece: 0.0061, rmse: 0.423, ...change });

const flaw = (change: Partial<CardFlaw> = {}): CardFlaw => ({ model: 'mastery', subject: 'fractions', kind: 'slip-high', detail: 'slip 0.5000, must stay below 0.5; fitted again within stricter bounds', blocks: false, ...change });

const badItem: CardItem = { item: 'i-17', kind: 'key-likely-wrong', detail: 'passing correlates -0.65 (-0.80 to -0.43) with ability on other items; only 34.9 % pass: the key may be wrong' };

const group = (change: Partial<CardGroup> = {}): CardGroup => ({ column: 'school', group: 'north', learners: 40, answers: 3_000, meanPredicted: 0.7, shareRight: 0.65, gap: 0.05, low: 0.03, high: 0.07, verdict: 'flagged', ...change });

const small: ModelCardInput = {
  calibration: 'c2',
  engine: '0.1.0',
  positions: { from: null, to: '120345' },
  times: { first: Date.UTC(2025, 8, 1, 7), last: Date.UTC(2026, 1, 28, 16) },
  learners: 812,
  answers: 101_234,
  skills: 40,
  items: 2_520,
  twins: 3,
  heldOutOf: 5,
  heldOutLearners: 204,
  seed: 7,
  seconds: 21.34,
  heldOut: [figures('placement', { aucInterval: { low: 0.7531, high: 0.7689 } }), figures('mastery', { auc: 0.7012, ece: null })],
  before: { calibration: 'c1', figures: [figures('placement', { auc: 0.7588 })], gains: [{ model: 'placement', auc: 0.0024, low: 0.0011, high: 0.0037 }] },
  reliability: [
    {
      model: 'placement',
      bins: [
        { from: 0.5, to: 0.6, n: 4_000, meanPredicted: 0.551, shareRight: 0.548, low: 0.533, high: 0.563 },
        { from: 0.6, to: 0.7, n: 0, meanPredicted: null, shareRight: null, low: null, high: null },
        { from: 0.7, to: 0.8, n: 16_000, meanPredicted: 0.752, shareRight: 0.749, low: 0.742, high: 0.756 },
      ],
    },
  ],
  groups: [group({ group: 'south', gap: 0.01, low: -0.01, high: 0.03, verdict: 'fine' }), group()],
  flaws: [flaw()],
  badItems: { tested: 1_900, tooFew: 410, found: [badItem] },
  recall: 'published',
};

const bare: ModelCardInput = {
  ...small,
  calibration: null,
  positions: { from: null, to: null },
  times: { first: null, last: null },
  skills: null,
  items: null,
  twins: 0,
  heldOutLearners: 0,
  seconds: null,
  heldOut: [],
  before: null,
  reliability: [],
  groups: null,
  flaws: [],
  badItems: null,
};

const SECTIONS = ['What it is for', 'Data', 'Methods', 'Figures on held-out learners', 'Reliability', 'Calibration by group', 'Flaws of the fit', 'Items that behave badly', 'Where nothing is known yet', 'Limits', 'Versions'];

const headings = (card: string) => card.split('\n').flatMap((line) => (line.startsWith('## ') ? line.slice(3) : []));

describe('a model card', () => {
  it('reads as the one that is checked in', () => {
    expect(modelCard(small)).toBe(readFileSync(new URL('../../golden/model-card.md', import.meta.url), 'utf8'));
  });

  it('has all its sections, also where nothing was measured', () => {
    expect(headings(modelCard(small))).toEqual(SECTIONS);
    expect(headings(modelCard(bare))).toEqual(SECTIONS);
  });

  it('says what was not measured', () => {
    const card = modelCard(bare);
    for (const sentence of ['No subgroups were given', 'Reliability was not measured', 'no learner could be held out', 'Items were not looked at', 'without times', 'files of answers', 'How right it is was not measured']) {
      expect(card).toContain(sentence);
    }
    expect(modelCard({ ...small, heldOut: [figures('placement', { auc: NaN })] })).toMatch(/\| placement \| this one \| 20,000 \| not measured \| not measured \| 0\.5321 /);
  });

  it('sets the figures of the calibration in force beside the new ones', () => {
    const rows = modelCard(small).split('\n').filter((line) => /^\| (placement|mastery) \|/.test(line));
    expect(rows.slice(0, 4).map((row) => row.split(' | ').slice(0, 4).join(' '))).toEqual([
      '| placement this one 20,000 0.7612',
      '| placement c1 20,000 0.7588',
      '| mastery this one 20,000 0.7012',
      '| mastery c1 not measured not measured',
    ]);
  });

  it('says whether it is better than the one in force, worse, or neither, and where that is not known', () => {
    const gains = [
      { model: 'placement', auc: 0.01, low: 0.005, high: 0.015 },
      { model: 'mastery', auc: -0.01, low: -0.015, high: -0.005 },
      { model: 'network', auc: 0.001, low: -0.002, high: 0.004 },
      { model: 'recall', auc: null, low: null, high: NaN },
    ];
    const card = modelCard({ ...small, before: { calibration: 'c1', figures: [], gains } });
    expect(card.split('\n').filter((line) => line.includes('beyond chance') || line.startsWith('| recall'))).toEqual([
      '| placement | 0.0100 | 0.0050 to 0.0150 | better beyond chance |',
      '| mastery | -0.0100 | -0.0150 to -0.0050 | worse beyond chance |',
      '| network | 0.0010 | -0.0020 to 0.0040 | no difference beyond chance |',
      '| recall | not measured | not measured | not measured |',
    ]);
    for (const none of [{}, { gains: null }, { gains: [] }]) {
      expect(modelCard({ ...small, before: { calibration: 'c1', figures: [], ...none } })).toContain('Whether a difference is more than chance was not measured.');
    }
  });

  it('lists what blocks and what is flagged first, some of the rest, and how many more there are', () => {
    const card = modelCard({
      ...small,
      flaws: [...Array.from({ length: 30 }, (_, n) => flaw({ subject: `skill-${n}` })), flaw({ subject: 'held-out answers', blocks: true })],
      badItems: { tested: 100, found: Array.from({ length: 12 }, (_, n) => ({ ...badItem, item: `item-${n}` })) },
      groups: [...Array.from({ length: 40 }, (_, n) => group({ group: `group-${n}`, verdict: 'fine' })), group({ group: 'last' })],
    });
    const lines = card.split('\n');
    expect(lines.filter((line) => line.startsWith('| mastery | skill-'))).toHaveLength(CARD_FLAWS_MAX - 1);
    expect(card).toContain('| mastery | held-out answers | slip-high |');
    expect(card).toContain('It must not go live: for one of them nothing stands instead.');
    expect(lines.filter((line) => line.startsWith('| item-'))).toHaveLength(CARD_ITEMS_MAX);
    expect(lines.filter((line) => line.startsWith('| school |'))).toHaveLength(CARD_GROUPS_MAX);
    expect(lines.find((line) => line.startsWith('| school |'))).toContain('last');
    expect(card).toMatch(/And 11 more fits\.[^]*And 2 more items\./);
  });

  it('lets no id or sentence break a table', () => {
    const odd = 'a|b\nc\r\n<script>`x`\\';
    const card = modelCard({ ...small, flaws: [flaw({ subject: odd, detail: odd })], badItems: { tested: 1, found: [{ ...badItem, item: odd }] } });
    expect(card).toContain('| mastery | a\\|b c \\<script>\\`x\\`\\\\ | slip-high | a\\|b c \\<script>\\`x\\`\\\\ | can go live |');
  });

  it('is never longer than an event may hold, has no holes in it and keeps its tables whole, whatever it is given', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom('|'.repeat(500), '\u{1F600}'.repeat(500), '<&\n'.repeat(200)));
    const number = fc.oneof(fc.constantFrom(null, NaN, Infinity, 1e21), fc.double({ min: -1, max: 1 }));
    const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 60, size: 'max' });
    const whole = fc.nat({ max: 2 ** 31 - 1 });
    const figure = fc.record({ model: text, n: whole, auc: number, logLoss: number, brier: number, ece: number, rmse: number, aucInterval: fc.option(fc.record({ low: number, high: number })) });
    const bin = fc.record({ from: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.double({ min: 0, max: 1, noNaN: true }), n: whole, meanPredicted: number, shareRight: number, low: number, high: number });
    const gain = fc.record({ model: text, auc: number, low: number, high: number });
    // Apart from the input, whose type would let what may be absent be undefined.
    const before = fc.option(fc.record({ calibration: text, figures: many(figure), gains: fc.option(many(gain)) }));
    const badItems = fc.option(fc.record({ tested: whole, tooFew: fc.option(whole), found: many(fc.record({ item: text, kind: text, detail: text })) }));
    const input: fc.Arbitrary<ModelCardInput> = fc.record({
      calibration: fc.option(text),
      engine: text,
      positions: fc.record({ from: fc.option(text), to: fc.option(text) }),
      times: fc.record({ first: number, last: number }),
      learners: whole,
      answers: whole,
      skills: fc.option(whole),
      items: fc.option(whole),
      twins: whole,
      heldOutOf: whole,
      heldOutLearners: whole,
      seed: whole,
      seconds: number,
      heldOut: many(figure),
      before,
      reliability: many(fc.record({ model: text, bins: many(bin) })),
      groups: fc.option(many(fc.record({ column: text, group: text, learners: whole, answers: whole, meanPredicted: number, shareRight: number, gap: number, low: number, high: number, verdict: fc.constantFrom('flagged' as const, 'fine' as const, 'too-small' as const) }))),
      flaws: many(fc.record({ model: text, subject: text, kind: text, detail: text, blocks: fc.boolean() })),
      badItems,
      recall: fc.constantFrom('published' as const, 'kept' as const, 'fitted' as const),
    });
    fc.assert(
      fc.property(input, (given) => {
        const card = modelCard(given);
        expect(card.length).toBeLessThan(CARD_CHARS_MAX);
        expect(headings(card)).toEqual(SECTIONS);
        expect(brokenRow(card)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
    const longest = '|'.repeat(500);
    const most = modelCard({
      ...small,
      heldOut: Array.from({ length: 60 }, () => figures(longest)),
      before: { calibration: longest, figures: [], gains: Array.from({ length: 60 }, () => ({ model: longest, auc: -0.5, low: -1, high: 1 })) },
      reliability: Array.from({ length: 60 }, () => ({ model: longest, bins: Array.from({ length: 60 }, () => ({ from: 0, to: 1, n: 1e9, meanPredicted: null, shareRight: null, low: null, high: null })) })),
      groups: Array.from({ length: 60 }, () => group({ column: longest, group: longest, learners: 1e9, answers: 1e9 })),
      flaws: Array.from({ length: 60 }, () => flaw({ model: longest, subject: longest, kind: longest, detail: longest })),
      badItems: { tested: 1e9, found: Array.from({ length: 60 }, () => ({ item: longest, kind: longest, detail: longest })) },
    });
    expect(most.length).toBeGreaterThan(CARD_CHARS_MAX / 2);
    expect(most.length).toBeLessThan(CARD_CHARS_MAX);
    expect(brokenRow(most)).toBeUndefined();
    expect(modelCard(bare) + modelCard(small)).not.toMatch(/undefined|NaN|Infinity|\[object|null/);
    const blank = Object.fromEntries(Object.entries(figures('placement')).map(([key, value]) => [key, typeof value === 'number' ? NaN : value]));
    // A cast: what a program without types might hand over.
    expect(modelCard({ ...small, heldOut: [blank as unknown as CardFigures], seconds: NaN, times: { first: NaN, last: NaN } })).not.toMatch(/undefined|NaN/);
  });
});

/** The first row of a table with another number of cells than the head of its table. */
function brokenRow(card: string): string | undefined {
  const cells = (line: string) => line.replace(/\\./gu, '').split('|').length;
  const lines = card.split('\n');
  return lines.find((line, n) => line.startsWith('|') && (lines[n - 1] ?? '').startsWith('|') && cells(line) !== cells(lines[n - 1] ?? ''));
}

describe('the calendar', () => {
  it('knows the days of 400 years and more', () => {
    for (let n = -200; n < 600; n++) {
      const ms = n * 97.3 * 86_400_000 + 12_345;
      expect(dayOf(ms)).toBe(new Date(ms).toISOString().slice(0, 10));
    }
    expect(['2024-02-28', '2024-02-29', '2024-03-01', '2024-12-31', '2000-02-29', '2100-03-01'].map((day) => dayOf(Date.parse(day)))).toEqual(['2024-02-28', '2024-02-29', '2024-03-01', '2024-12-31', '2000-02-29', '2100-03-01']);
  });

  it('counts days where the source counts from its own beginning', () => {
    expect(period(0, 3 * 86_400_000)).toBe('over 4 days, counted from the first event of the source');
    expect(period(null, null)).toBe('without times');
  });
});
