export { ANSWER_SCHEMA } from './answers.js';
export type { AnswerData, AnswerGiven, AnswerInput } from './answers.js';
export { BUILT_IN_CALIBRATION, calibration, FLAWS_MAX } from './calibration.js';
export type {
  ActivateCalibration,
  CalibrationActivated,
  CalibrationDocument,
  CalibrationHead,
  CalibrationPublished,
  CalibrationRefusal,
  CalibrationReport,
  CalibrationState,
  Figures,
  FitFlaw,
  PublishCalibration,
  PublishedCalibration,
} from './calibration.js';
export { CALIBRATION_SCHEMA } from './calibration-schema.js';
export { classroom } from './classroom.js';
export type { ClassroomCommand, ClassroomRefusal, EnrolLearners } from './classroom.js';
export { CLASSROOM_LEARNERS_MAX, GROUPS_MAX, NO_CLASSROOM } from './classroom-events.js';
export type { CalendarEntry, Classroom, ClassroomEvent, Group, GroupEdit, LearnerEnrolled } from './classroom-events.js';
export { course } from './course.js';
export type { Course, CoursePublished, PublishCourse } from './course.js';
export { flaw } from './course-content.js';
export type { CourseContent, CourseRefusal, Item, Objective, Prerequisite, Skill } from './course-content.js';
export { COURSE_SCHEMA } from './course-schema.js';
export { eventSchema, isCorrection, isObservation, trellisCodec } from './events.js';
export type { TrellisEvent } from './events.js';
export { grade } from './grading.js';
export type { AnswerKey } from './grading.js';
export {
  CALIBRATION_PREFIX,
  calibrationStream,
  CLASSROOM_PREFIX,
  classroomStream,
  COURSE_PREFIX,
  courseStream,
  CURRICULUM_PATTERN,
  LEARNER_PREFIX,
  learnerStream,
  OPAQUE_PATTERN,
  placeOf,
  recommendationId,
  rowKey,
  SOURCE_ID_PATTERN,
  SOURCE_PATTERN,
  splitKey,
} from './ids.js';
export type { ClassroomId, CourseId, ItemId, LearnerId, ObjectiveId, RecommendationId, SkillId, TenantId } from './ids.js';
export { FEEDBACK, MOODS } from './observations.js';
export type { AnswerScored, AnswerVoided, ContentViewed, Feedback, FeedbackGiven, Mood, MoodReported, OtherObservation, Preferences, PreferenceStated, SelfAssessed, SessionStarted } from './observations.js';
export { OBSERVATION_SCHEMAS, PREFERENCES_SCHEMA } from './observation-schema.js';
export type { ObservationInputs, ObservationType } from './observation-schema.js';
export { EXCLUDED_MAX, GOAL_SKILLS_MAX, GOALS_MAX, learnerPlan, NO_PLAN, PINS_MAX } from './plan.js';
export type { Plan, PlanCommand, PlanRefusal } from './plan.js';
export type { AssessmentRequested, By, Declined, Goal, MasteryCertified, PlacementConcluded, PlacementStarted, PlanEvent } from './plan-events.js';
export type { ChosenItem, Decision, Pacing, PacingAction, Passed, Reason, RecommendationMade, ScoreParts, Versions, Wish } from './recommendations.js';
export { STRATEGY_SCHEMA } from './strategy-schema.js';
export { DEFAULT_MIX, DEFAULT_STRATEGY, PRESETS, PRESETS_VERSION, settingsOf, strategyFlaw } from './strategy.js';
export type { Gate, Mix, Phase, Preset, SinglePreset, SingleStrategy, Strategy, StrategyRefusal, StrategySettings } from './strategy.js';
