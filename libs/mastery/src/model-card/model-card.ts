// The model card of a calibration: what it is for, what it rests on, how wrong it is, and where not to trust it. In the order of
// Mitchell et al. (2019), "Model cards for model reporting", FAT*.
import { PLACEMENT_FEATURES } from '../placement.js';
import { period } from './calendar.js';
import { count, counted, measured, NOT_MEASURED, plain, SENTENCE_CHARS_MAX, table } from './markdown.js';
import type { CardFigures, CardGroup, CardInterval, CardReliability, ModelCardInput } from './model-card-input.js';

/** Whatever it is given: a card is part of one event. */
export const CARD_CHARS_MAX = 40_000;
export const CARD_FLAWS_MAX = 20;
export const CARD_ITEMS_MAX = 10;
export const CARD_GROUPS_MAX = 30;
export const CARD_MODELS_MAX = 6;
/** Of the models with a reliability table, and of the bins of each. */
export const CARD_RELIABILITY_MAX = 3;
export const CARD_BINS_MAX = 10;

/** Markdown. */
export function modelCard(input: ModelCardInput): string {
  const sections = [purpose(input), data(input), methods(input), figures(input), reliability(input), groups(input), flaws(input), items(input), COLD_START, limits(input), versions(input)];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function purpose({ calibration }: ModelCardInput): readonly string[] {
  return [
    `# Model card${calibration === null ? '' : `: calibration ${plain(calibration)}`}`,
    '',
    '## What it is for',
    '',
    '- Mastery: which skills a learner probably knows. It is shown, and it ends practice on a skill.',
    '- Prediction: how likely a learner is to answer an item right. It places items that are neither too easy nor too hard.',
    '- Recall: how likely a learner still remembers what they had mastered. It schedules review.',
    '',
    'It is not for grades, admission, comparing schools or teachers, or any decision about a person that nobody looks at again. The',
    'three estimates have three jobs: a prediction is not a degree of mastery.',
  ];
}

function data({ positions, times, learners, answers, skills, items: itemCount, twins, heldOutOf, heldOutLearners }: ModelCardInput): readonly string[] {
  const { from, to } = positions;
  const source = to === null ? 'files of answers' : `the log, ${from === null ? 'from its beginning' : `from position ${plain(from)}`} to position ${plain(to)}`;
  return [
    '## Data',
    '',
    ...table(
      ['what', 'fitted on'],
      [
        ['source', source],
        ['times', period(times.first, times.last)],
        ['learners', count(learners)],
        ['answers', count(answers)],
        ['skills', count(skills)],
        ['items', count(itemCount)],
      ],
    ),
    '',
    `Held out were ${counted(heldOutLearners, 'learner')}: one of ${count(heldOutOf)}, chosen by a hash of the id, so always the same ones. No calibration is fitted on them.`,
    twins === 0 ? 'No learner was found under two ids.' : `Left out ${twins === 1 ? 'was' : 'were'} ${counted(twins, 'learner')} whose answers are those of another id: the same student twice, whose answers would be known in advance.`,
  ];
}

const RECALL: Record<ModelCardInput['recall'], string> = {
  published: 'with the published parameters, which were fitted on learners of other systems',
  kept: 'with the parameters of the calibration before',
  fitted: 'with parameters fitted on the reviews of this data',
};

function methods({ recall }: ModelCardInput): readonly string[] {
  return [
    '## Methods',
    '',
    '- Mastery: Bayesian knowledge tracing (Corbett & Anderson, 1995), one set of parameters a skill by expectation-maximisation. An',
    '  answer to an item with several skills counts for each of them.',
    `- Recall: FSRS-6, ${RECALL[recall]}.`,
    '- Prediction: easiness of items and of combinations of skills by a Rasch model (Rasch, 1960) with normal priors, then logistic',
    `  regression on the learner's own state: ${PLACEMENT_FEATURES.join(', ')}.`,
    '  It sees no order of items, so it holds for orders that nobody was given yet.',
    '- Of a log only graded first attempts count, a hint before one as a wrong answer; answers from files count as they stand.',
  ];
}

function figures({ heldOut, before }: ModelCardInput): readonly string[] {
  const was = (model: string): CardFigures | undefined => before?.figures.find((one) => one.model === model);
  const rows = heldOut.slice(0, CARD_MODELS_MAX).flatMap((one) => [
    [plain(one.model), 'this one', ...figureCells(one)],
    ...(before === null ? [] : [[plain(one.model), plain(before.calibration), ...figureCells(was(one.model))]]),
  ]);
  return [
    '## Figures on held-out learners',
    '',
    'Each answer was predicted from what was known before it.',
    '',
    ...(rows.length === 0 ? [NOT_MEASURED_SENTENCE] : table(['model', 'calibration', 'answers', 'AUC', '95 % interval', 'log loss', 'Brier', 'calibration error', 'RMSE'], rows)),
    ...more(heldOut.length - CARD_MODELS_MAX, 'model'),
    ...(rows.length === 0 ? [] : ['', 'An interval holds 95 % of what the figure comes to when whole learners are drawn anew from those held out.']),
    '',
    ...comparison(before),
  ];
}

function comparison(before: ModelCardInput['before']): readonly string[] {
  if (before === null) return ['No calibration was in force to compare it with.'];
  const said = `In force then was ${plain(before.calibration)}; its rows are on the same answers.`;
  const gains = before.gains ?? [];
  if (gains.length === 0) return [`${said} Whether a difference is more than chance was ${NOT_MEASURED}.`];
  const rows = gains.slice(0, CARD_MODELS_MAX).map((gain) => [plain(gain.model), measured(gain.auc, 4), between(gain, 4), meaning(gain)]);
  return [said, '', ...table(['model', 'AUC more than before', '95 % interval', 'so'], rows), ...more(gains.length - CARD_MODELS_MAX, 'model')];
}

function meaning({ low, high }: CardInterval): string {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return NOT_MEASURED;
  return low > 0 ? 'better beyond chance' : high < 0 ? 'worse beyond chance' : 'no difference beyond chance';
}

const NOT_MEASURED_SENTENCE = 'Nothing was measured: no learner could be held out.';

function figureCells(one: CardFigures | undefined): readonly string[] {
  const [auc, ...others] = [one?.auc, one?.logLoss, one?.brier, one?.ece, one?.rmse].map((value) => measured(value, 4));
  return [count(one?.n), auc ?? NOT_MEASURED, between(one?.aucInterval ?? NO_INTERVAL, 4), ...others];
}

const NO_INTERVAL: CardInterval = { low: null, high: null };

function reliability({ reliability: models }: ModelCardInput): readonly string[] {
  return [
    '## Reliability',
    '',
    'Whether 70 % means 70 %: answers by what was predicted, beside the share that was right with its 95 % interval. The interval takes',
    'answers for independent, so it is too narrow where learners gave many.',
    ...(models.length === 0 ? ['', `Reliability was ${NOT_MEASURED}.`] : models.slice(0, CARD_RELIABILITY_MAX).flatMap(reliabilityTable)),
    ...more(models.length - CARD_RELIABILITY_MAX, 'model'),
  ];
}

function reliabilityTable({ model, bins }: CardReliability): readonly string[] {
  const rows = bins
    .filter(({ n }) => n > 0)
    .slice(0, CARD_BINS_MAX)
    .map(({ from, to, n, meanPredicted, shareRight, ...interval }) => [`${measured(from, 1)} to ${measured(to, 1)}`, count(n), measured(meanPredicted, 3), measured(shareRight, 3), between(interval, 3)]);
  return ['', `### ${plain(model)}`, '', ...(rows.length === 0 ? [`It was ${NOT_MEASURED}.`] : table(['predicted', 'answers', 'mean predicted', 'right', '95 % interval'], rows))];
}

function between({ low, high }: CardInterval, digits: number): string {
  const [from, to] = [measured(low, digits), measured(high, digits)];
  return from === NOT_MEASURED || to === NOT_MEASURED ? NOT_MEASURED : `${from} to ${to}`;
}

const VERDICTS: Record<CardGroup['verdict'], string> = { flagged: 'wrong beyond noise', fine: 'no gap beyond noise', 'too-small': 'too small to say' };
const FLAGGED_FIRST: Record<CardGroup['verdict'], number> = { flagged: 0, fine: 1, 'too-small': 2 };

function groups({ groups: given }: ModelCardInput): readonly string[] {
  const head = ['## Calibration by group', ''];
  if (given === null || given.length === 0) return [...head, 'No subgroups were given, so nothing is known of how it treats groups of learners.'];
  const rows = [...given]
    .sort((one, other) => FLAGGED_FIRST[one.verdict] - FLAGGED_FIRST[other.verdict])
    .slice(0, CARD_GROUPS_MAX)
    .map(({ column, group, learners, answers, meanPredicted, shareRight, gap, verdict, ...interval }) => [
      plain(column),
      plain(group),
      count(learners),
      count(answers),
      measured(meanPredicted, 3),
      measured(shareRight, 3),
      gap === null || !Number.isFinite(gap) ? NOT_MEASURED : `${measured(gap, 3)} (${between(interval, 3)})`,
      VERDICTS[verdict],
    ]);
  return [
    ...head,
    'Above 0 the gap promises a group too much, below 0 too little.',
    '',
    ...table(['column', 'group', 'learners', 'answers', 'mean predicted', 'right', 'gap', 'verdict'], rows),
    ...more(given.length - CARD_GROUPS_MAX, 'group'),
  ];
}

function flaws({ flaws: found }: ModelCardInput): readonly string[] {
  const head = ['## Flaws of the fit', ''];
  if (found.length === 0) return [...head, 'None was found.'];
  const blocking = found.filter(({ blocks }) => blocks);
  const rows = [...blocking, ...found.filter(({ blocks }) => !blocks)]
    .slice(0, CARD_FLAWS_MAX)
    .map(({ model, subject, kind, detail, blocks }) => [plain(model), plain(subject), plain(kind), plain(detail, SENTENCE_CHARS_MAX), blocks ? 'must not go live' : 'can go live']);
  return [
    ...head,
    blocking.length === 0 ? 'They do not keep it from going live: each row says what stands instead.' : `It must not go live: ${blocking.length === 1 ? 'for one of them' : `for ${count(blocking.length)} of them`} nothing stands instead.`,
    '',
    ...table(['model', 'subject', 'kind', 'detail', 'what follows'], rows),
    ...more(found.length - CARD_FLAWS_MAX, 'fit'),
  ];
}

function items({ badItems }: ModelCardInput): readonly string[] {
  const head = ['## Items that behave badly', ''];
  if (badItems === null) return [...head, 'Items were not looked at.'];
  const { tested, tooFew, found } = badItems;
  const unsaid = tooFew === null || tooFew === undefined ? '' : `; of ${count(tooFew)} there were too few answers to say anything`;
  const said = `${counted(tested, 'item')} had answers enough to ask whether able learners pass${unsaid}; ${found.length === 0 ? 'none' : count(found.length)} of all items stood out.`;
  if (found.length === 0) return [...head, said];
  const rows = found.slice(0, CARD_ITEMS_MAX).map(({ item, kind, detail }) => [plain(item), plain(kind), plain(detail, SENTENCE_CHARS_MAX)]);
  return [...head, said, 'A name is a reason to look at the item, not a verdict.', '', ...table(['item', 'kind', 'evidence'], rows), ...more(found.length - CARD_ITEMS_MAX, 'item')];
}

const COLD_START = [
  '## Where nothing is known yet',
  '',
  '- A new item is as easy as items with the same skills are, less the difficulty that its author gave; without such items, as an average one.',
  '- A new skill takes the parameters of all skills together.',
  '- A new learner is an average one, and estimates move fast with the first answers.',
  '- Without any calibration the parameters that are part of the program are in force.',
];

function limits({ groups: given, recall, heldOut, times }: ModelCardInput): readonly string[] {
  return [
    '## Limits',
    '',
    '- It holds for learners and items like those it was fitted on. It does not notice by itself that they changed: fit it again.',
    '- Held-out learners come from the same time and system as the others. How it does on another school or a later year was not measured.',
    '- Items were answered in the order that somebody chose, not by chance: what it says of an item partly says who was given it.',
    '- Knowledge tracing knows two states and no forgetting between answers; mastery that is shown leaves time to recall.',
    '- It sees right and wrong answers. It cannot tell a guess, a copied answer or a bad day from knowledge.',
    ...(recall === 'fitted' ? [] : ['- The parameters of recall were not fitted on this data.']),
    ...(heldOut.some(({ model }) => model === 'recall') ? [] : ['- How well recall is foreseen was not measured.']),
    ...(times.first === null ? ['- The data have no times, so nothing in it rests on pauses between answers.'] : []),
    ...(given === null || given.length === 0 ? ['- Whether it is as right for one group of learners as for another was not measured.'] : []),
    ...(heldOut.length === 0 ? ['- How right it is was not measured at all.'] : []),
  ];
}

function versions({ engine, seed, seconds, calibration }: ModelCardInput): readonly string[] {
  return [
    '## Versions',
    '',
    ...table(
      ['what', 'value'],
      [
        ['calibration', calibration === null ? 'named when it is published' : plain(calibration)],
        ['engine', plain(engine)],
        ['seed', String(seed)],
        ['seconds to fit', measured(seconds, 1)],
      ],
    ),
  ];
}

function more(left: number, one: string): readonly string[] {
  return left > 0 ? ['', `And ${counted(left, `more ${one}`)}.`] : [];
}
