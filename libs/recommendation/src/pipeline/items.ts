// Stage 6: an item for a skill that was drawn. Without anything to vary: the least used, then the one nearest the aim, then the first in
// the course. Where the strategy varies content, process or product, what fits this learner now counts beside the aim.
import type { Reason } from '@trellis/learning';
import { openDecisions, type LearnerState } from '@trellis/views';
import type { MappedItem, MappedSkill } from '../course-map.js';
import { reason } from '../reasons.js';
import { practicable, type Exclusions } from './eligible.js';
import { AIM, TIERS, type Fit } from './fitting.js';

export interface ItemQuestion {
  readonly skill: MappedSkill;
  readonly state: LearnerState;
  readonly excluded: Exclusions;
  readonly fit: Fit;
  readonly vary: { readonly content: boolean; readonly process: boolean; readonly product: boolean };
  /** `hash48` of items that are among the chosen already, and the modalities of those. */
  readonly taken: ReadonlySet<number>;
  readonly modalities: ReadonlySet<string>;
  /** P(right) as items are placed by. */
  readonly placed: (item: MappedItem) => number;
}

export interface FittedItem {
  readonly item: MappedItem;
  readonly fitted: readonly Reason[];
}

/** Answers after which an item may come again, while the skill has others; sooner for whoever is promised something easier, which may be just that one. */
const REPEAT_AFTER = { usual: 10, easier: 4 } as const;
/** What counts beside the distance to the aim, which is 0..1. */
const COST = { tierStep: 0.25, readingLevel: 0.05, interest: 0.12, modality: 0.12, workedExample: 0.2, product: 0.08, use: 0.15, sameModality: 0.3, disliked: 1 } as const;
/** How modalities are called that show how it is done. */
const WORKED: ReadonlySet<string> = new Set(['worked-example', 'visual']);

export function itemFor(question: ItemQuestion): FittedItem | null {
  const { skill, state, excluded, vary, fit, taken } = question;
  const isNew = (state.skills.get(skill.skill.id)?.answers ?? 0) === 0;
  // Whoever has seen a lesson goes on to practise without telling us; who keeps getting it wrong is shown another one.
  const lessons = isNew || (vary.process && fit.isStruggling) ? skill.lessons.filter((lesson) => isFresh(state, lesson, question)) : [];
  if (lessons.length > 0) return fittest(lessons, question, usesOf(state));
  const free = practicable(skill, excluded).filter(({ hash }) => !taken.has(hash) && !excluded.items.has(hash));
  const fitting = notFurther(notDeclined(free, state), question);
  const rest = isEasier(question) ? REPEAT_AFTER.easier : REPEAT_AFTER.usual;
  const rested = fitting.filter(({ hash }) => state.answers - (state.items.get(hash)?.lastAnswer ?? -rest) >= rest);
  const candidates = rested.length > 0 ? rested : leastRecent(fitting, state);
  if (candidates.length === 0) return null;
  const uses = usesOf(state);
  return fittest(vary.content ? candidates : leastUsed(candidates, uses), question, uses);
}

/** What was declined does not come back while there is another, however lately that one was answered. */
function notDeclined(items: readonly MappedItem[], { plan }: LearnerState): readonly MappedItem[] {
  const declined = new Set(plan.declined.flatMap(({ items: ids }) => ids));
  const others = declined.size === 0 ? items : items.filter(({ item }) => !declined.has(item.id));
  return others.length > 0 ? others : items;
}

function isEasier({ vary, fit }: ItemQuestion): boolean {
  return vary.content && (fit.tier === 'support' || fit.aim > AIM);
}

/**
 * Whoever is promised something easier meets an item again sooner than one that goes further; and where nobody asked for it, nothing goes
 * further before a skill is known well, as long as it has other items.
 */
function notFurther(items: readonly MappedItem[], question: ItemQuestion): readonly MappedItem[] {
  const { vary, fit } = question;
  if (!isEasier(question) && (vary.content || fit.isReadyForMore)) return items;
  const others = items.filter(({ item }) => item.tier !== 'extension');
  return others.length > 0 ? others : items;
}

function isFresh({ items, offered }: LearnerState, { hash }: MappedItem, { taken, excluded }: ItemQuestion): boolean {
  return !taken.has(hash) && !excluded.items.has(hash) && items.get(hash) === null && !offered.some((decision) => decision.items.includes(hash));
}

/** Everything was answered just now: the item that lies back longest. */
function leastRecent(items: readonly MappedItem[], state: LearnerState): readonly MappedItem[] {
  const last = ({ hash }: MappedItem): number => state.items.get(hash)?.lastAnswer ?? 0;
  const oldest = Math.min(...items.map(last));
  return items.filter((item) => last(item) === oldest);
}

function leastUsed(items: readonly MappedItem[], uses: Uses): readonly MappedItem[] {
  const least = Math.min(...items.map(uses));
  return items.filter((item) => uses(item) === least);
}

/** Answers to an item, and offers of it that are still open. */
type Uses = (item: MappedItem) => number;

function usesOf(state: LearnerState): Uses {
  const offered = openDecisions(state).flatMap(({ items }) => items);
  return ({ hash }) => (state.items.get(hash)?.attempts ?? 0) + offered.reduce((count, each) => count + (each === hash ? 1 : 0), 0);
}

function fittest(items: readonly MappedItem[], question: ItemQuestion, uses: Uses): FittedItem | null {
  const disliked = new Set(question.state.told.feedback.filter(({ feedback }) => feedback === 'disliked').map(({ item }) => item));
  const declined = new Set(question.state.plan.declined.flatMap(({ items: ids }) => ids));
  let best: MappedItem | null = null;
  let bestCost = Infinity;
  for (const item of items) {
    let cost = Math.abs(question.placed(item) - question.fit.aim) + mismatch(item, question);
    if (question.vary.content) cost += COST.use * uses(item);
    if (disliked.has(item.hash) || declined.has(item.item.id)) cost += COST.disliked;
    if (cost >= bestCost) continue;
    [best, bestCost] = [item, cost];
  }
  return best === null ? null : { item: best, fitted: fittedReasons(best, question) };
}

function mismatch({ item }: MappedItem, { state: { told }, fit, vary, modalities }: ItemQuestion): number {
  const { preferences } = told;
  let cost = 0;
  if (vary.content) {
    if (fit.tier !== null && item.tier !== undefined) cost += COST.tierStep * Math.abs(TIERS.indexOf(item.tier) - TIERS.indexOf(fit.tier));
    if (preferences.readingLevel !== undefined && item.readingLevel !== undefined) cost += COST.readingLevel * Math.max(0, item.readingLevel - preferences.readingLevel);
    if (item.interests?.some((interest) => preferences.interests?.includes(interest)) === true) cost -= COST.interest;
  }
  if (vary.process) {
    if (item.modality !== undefined && preferences.modalities?.includes(item.modality) === true) cost -= COST.modality;
    if (fit.isStruggling && item.modality !== undefined && WORKED.has(item.modality)) cost -= COST.workedExample;
    if (item.modality !== undefined && modalities.has(item.modality)) cost += COST.sameModality;
  }
  if (vary.product && item.product !== undefined && preferences.products?.includes(item.product) === true) cost -= COST.product;
  return cost;
}

function fittedReasons({ item }: MappedItem, { state: { told }, fit, vary }: ItemQuestion): readonly Reason[] {
  const { preferences } = told;
  // A tier that the item does not have explains nothing, and nobody is told that it is easier where it is not.
  const reasons = fit.reasons.filter(({ key }) => !/^(support-|extension-|(easier|harder)-as-asked)/.test(key) || item.tier === fit.tier).slice();
  const interest = vary.content ? item.interests?.find((each) => preferences.interests?.includes(each)) : undefined;
  if (interest !== undefined) reasons.push(reason('fits-interest', { interest }));
  if (vary.process && item.modality !== undefined) {
    if (preferences.modalities?.includes(item.modality) === true) reasons.push(reason('fits-modality', { modality: item.modality }));
    else if (fit.isStruggling && WORKED.has(item.modality)) reasons.push(reason('shown-again', { modality: item.modality }));
  }
  if (vary.product && item.product !== undefined && preferences.products?.includes(item.product) === true) reasons.push(reason('fits-product', { product: item.product }));
  return reasons;
}
