import { ofLearners, type AnswerLog } from '../answer-log.js';
import { seeded } from '../seeded.js';
import { gervetFolder, readGervet } from '../testing/gervet.js';
import { AGREEMENT_MIN, SHARED_ITEMS_MIN, strictTraining, twins } from './twins.js';

const ITEMS = 200;

interface Row {
  readonly item: number;
  readonly right: number;
}

function logOf(histories: readonly (readonly Row[])[], vocabulary?: AnswerLog['vocabulary']): AnswerLog {
  const rows = histories.flat();
  let end = 0;
  return {
    vocabulary: vocabulary ?? { items: Array.from({ length: ITEMS }, (_, n) => `${n}`), skills: ['a'], combinations: [Int32Array.of(0)] },
    learners: histories.map((_, n) => `learner ${n}`),
    starts: Int32Array.from([0, ...histories.map((own) => (end += own.length))]),
    item: Int32Array.from(rows, ({ item }) => item),
    combination: new Int32Array(rows.length),
    right: Uint8Array.from(rows, ({ right }) => right),
    at: null,
  };
}

/** Strangers who answer many items of the same course, half of them right. */
function strangers(count: number, seed: number): Row[][] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => shuffled(Array.from({ length: ITEMS }, (_, item) => item), random).slice(0, 40 + Math.floor(random() * 100)).map((item) => ({ item, right: random() < 0.5 ? 1 : 0 })));
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values.map((value) => ({ value, at: random() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}

const pairsOf = ({ pairs }: ReturnType<typeof twins>) => pairs.map(({ first, second }) => `${first.part} ${first.learner} = ${second.part} ${second.learner}`);

describe('twins', () => {
  it('are not seen among strangers', () => {
    expect(twins(logOf(strangers(80, 1)))).toMatchObject({ pairs: [], students: [], drop: [], complete: true });
  });

  it('are found with their rows in another order, though not all are there and one answer differs', () => {
    const histories = strangers(30, 2);
    const original = histories[4] ?? [];
    histories.push(shuffled(original, seeded(9)).slice(0, -3).map(({ item, right }, n) => ({ item, right: n === 0 ? 1 - right : right })));
    const found = twins(logOf(histories));
    expect(pairsOf(found)).toEqual(['train 4 = train 30']);
    expect(found.pairs[0]).toMatchObject({ shared: original.length - 3, agreement: 1 - 1 / (original.length - 3) });
    expect(found.drop).toEqual([30]);
  });

  it('count an item as right where any of its answers was', () => {
    const own = Array.from({ length: 40 }, (_, item) => ({ item, right: item % 2 }));
    const again = own.flatMap(({ item, right }) => [{ item, right: 0 }, { item, right }]);
    expect(pairsOf(twins(logOf([own, again])))).toEqual(['train 0 = train 1']);
  });

  it('cost the training part all copies of a tested student, and all but the longest of its own', () => {
    const histories = strangers(6, 3);
    const [a = [], b = [], c = [], d = [], e = [], f = []] = histories;
    const train = logOf([a, b, b.slice(1), c.slice(2), c, c, d]);
    const test = logOf([a, e, f, f], train.vocabulary);
    const found = twins(train, test);
    expect(pairsOf({ ...found, pairs: found.across })).toEqual(['train 0 = test 0']);
    expect(found.insideTrain).toHaveLength(4);
    expect(pairsOf({ ...found, pairs: found.insideTest })).toEqual(['test 2 = test 3']);
    expect(found.students.map((student) => student.length)).toEqual([2, 2, 3, 2]);
    // The twin of test 0; the shorter of b; of the two longest of c the second, and the short one.
    expect(found.drop).toEqual([0, 2, 3, 5]);
    const strict = strictTraining(train, found);
    expect(strict.learners).toEqual(['learner 1', 'learner 4', 'learner 6']);
    expect(strict).toEqual(ofLearners(train, [1, 4, 6]));
  });

  it.each([
    { why: 'all right beside all right is no proof', rows: 60, right: () => 1, differing: 0, found: false },
    { why: 'a dozen items may agree by chance', rows: 12, right: (n: number) => n % 2, differing: 0, found: false },
    { why: 'forty half right hardly do', rows: 40, right: (n: number) => n % 2, differing: 0, found: true },
    { why: 'one in forty may differ', rows: 40, right: (n: number) => n % 2, differing: 1, found: true },
    { why: 'two in forty may not', rows: 40, right: (n: number) => n % 2, differing: 2, found: false },
  ])('need proof: $why', ({ rows, right, differing, found }) => {
    const own = Array.from({ length: rows }, (_, n) => ({ item: n, right: right(n) }));
    const other = own.map((row, n) => ({ ...row, right: n < differing ? 1 - row.right : row.right }));
    expect(twins(logOf([own, other])).pairs).toHaveLength(found ? 1 : 0);
  });

  it('share at least half the items of the one who has fewer', () => {
    const own = Array.from({ length: 100 }, (_, n) => ({ item: n, right: n % 2 }));
    const sharing = (items: number) => own.map(({ item, right }) => ({ item: item < items ? item : item + 100, right }));
    expect(twins(logOf([own, sharing(50)])).pairs).toHaveLength(1);
    expect(twins(logOf([own, sharing(49)])).pairs).toHaveLength(0);
  });

  it('are the same as when all pairs are compared', () => {
    const random = seeded(7);
    const histories = strangers(25, 7);
    for (const own of histories.slice()) {
      // Copies of all degrees, so that many stand close to a bound.
      histories.push(shuffled(own, random).slice(0, Math.ceil(own.length * (0.3 + random() * 0.7))).map(({ item, right }) => ({ item, right: random() < 0.025 ? 1 - right : right })));
    }
    const found = pairsOf(twins(logOf(histories)));
    expect(found).toEqual(blindly(histories));
    expect(found.length).toBeGreaterThan(5);
    expect(found.length).toBeLessThan(25);
  });

  it('say nothing where answers have no items', () => {
    const own = Array.from({ length: 60 }, (_, n) => ({ item: -1, right: n % 2 }));
    expect(twins(logOf([own, own]))).toMatchObject({ pairs: [], complete: true });
  });

  it('are looked for in parts of one vocabulary only', () => {
    expect(() => twins(logOf([]), logOf([]))).toThrow('share one vocabulary');
  });
});

/** The definition, pair by pair. */
function blindly(histories: readonly (readonly Row[])[]): readonly string[] {
  const ever = histories.map((own) => new Map(own.map(({ item, right }) => [item, right])));
  const share = ever.map((own) => [...own.values()].reduce((sum, one) => sum + one, 0) / own.size);
  return ever.flatMap((one, a) =>
    ever.flatMap((other, b) => {
      if (b <= a) return [];
      const shared = [...one].filter(([item]) => other.has(item));
      const agreement = shared.filter(([item, right]) => other.get(item) === right).length / shared.length;
      const [r1 = 0, r2 = 0] = [share[a], share[b]];
      const chance = Math.min(0.97, Math.max(0.3, r1 * r2 + (1 - r1) * (1 - r2)));
      const areTwins = shared.length >= SHARED_ITEMS_MIN && agreement >= AGREEMENT_MIN && shared.length >= Math.min(one.size, other.size) / 2 && shared.length * agreement * Math.log(chance) < Math.log(1e-9);
      return areTwins ? [`train ${a} = train ${b}`] : [];
    }),
  );
}

const FOLDERS = { assistments: gervetFolder('gervet_assistments09'), statics: gervetFolder('gervet_statics') };
if (FOLDERS.assistments === null || FOLDERS.statics === null) console.warn('Skipped: the public answers are not beside the repository, so nothing is said of the twins among them.');

const hasStatics = FOLDERS.statics !== null;
const hasAssistments = FOLDERS.assistments !== null;
const withStatics = hasStatics ? describe : describe.skip;
const withAssistments = hasAssistments ? describe : describe.skip;

withAssistments('twins among the ASSISTments 2009 answers', () => {
  const ACROSS = `3029:571 3030:572 3040:582 3041:583 3051:610 3056:615 3069:629 3071:650 3074:654 3080:660 3087:667 3090:670 3104:684 3113:801 579:3037 581:3039
    587:3045 620:3061 621:3062 627:3067 657:3077 680:3100 687:3107 688:3108 690:3110`;
  const INSIDE_TRAIN = `237=3024 567=3025 568=3026 569=3027 570=3028 573=3031 574=3032 575=3033 576=3034 577=3035 578=3036 580=3038 584=3042 585=3043 586=3044
    588=3046 606=3047 607=3048 608=3049 609=3050 611=3052 612=3053 614=3055 616=3057 617=3058 618=3059 619=3060 622=3063 624=3065 626=3066 628=3068 630=3070
    651=3072 653=3073 655=3075 656=3076 659=3079 661=3081 662=3082 663=3083 664=3084 665=3085 666=3086 668=3088 669=3089 671=3091 672=3092 673=3093 674=3094
    675=3095 676=3096 677=3097 678=3098 679=3099 681=3101 682=3102 683=3103 685=3105 689=3109 700=3111 709=3112`;
  const listed = (text: string) => text.split(/\s+/).sort();

  it('are the 25 pairs across the parts, the 61 in train and the 3 in test that were found before', () => {
    const { train, test } = readGervet(FOLDERS.assistments as URL);
    const found = twins(train, test);
    // `across` has the training student first.
    expect(found.across.map(({ first, second }) => `${second.id}:${first.id}`).sort()).toEqual(listed(ACROSS));
    expect(found.insideTrain.map(({ first, second }) => [first.id, second.id].sort((a, b) => Number(a) - Number(b)).join('=')).sort()).toEqual(listed(INSIDE_TRAIN));
    expect(found.insideTest).toHaveLength(3);
    expect(Math.min(...found.pairs.map(({ shared }) => shared))).toBe(149);
    expect(strictTraining(train, found).item).toHaveLength(173_289);
  }, 60_000);
});

withStatics('twins among the Statics answers', () => {
  it('are one small pair inside train', () => {
    const { train, test } = readGervet(FOLDERS.statics as URL);
    expect(twins(train, test).pairs.map(({ first, second, shared }) => [first.part, first.id, second.part, second.id, shared])).toEqual([['train', '22', 'train', '121', 53]]);
  }, 60_000);
});
