export { classroomView, courseView } from './aggregate-view.js';
export { Catalogue } from './catalogue.js';
export type { PublishedCourse } from './catalogue.js';
export { hash48 } from './item-table.js';
export { newLearner, newSkill, openDecisions } from './learner-state.js';
export type { LearnerState, OfferedDecision, Order, SkillState } from './learner-state.js';
export { compare, LEARNER_VIEW, learnerView } from './learner-view.js';
export { masteryReport, REVIEW_AFTER_MS } from './mastery-report.js';
export type { SkillReport, SkillStatus } from './mastery-report.js';
