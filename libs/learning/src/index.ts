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
export { CLASSROOM_LEARNERS_MAX, classroom } from './classroom.js';
export type { Classroom, ClassroomRefusal, EnrolLearners, LearnerEnrolled } from './classroom.js';
export { course } from './course.js';
export type { Course, CoursePublished, PublishCourse } from './course.js';
export { flaw } from './course-content.js';
export type { CourseContent, CourseRefusal, Item, Objective, Prerequisite, Skill } from './course-content.js';
export { COURSE_SCHEMA } from './course-schema.js';
export { eventSchema, isObservation, trellisCodec } from './events.js';
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
  splitKey,
} from './ids.js';
export type { ClassroomId, CourseId, ItemId, LearnerId, ObjectiveId, RecommendationId, SkillId, TenantId } from './ids.js';
export type { ChosenItem, Decision, Pacing, PacingAction, Reason, RecommendationMade, Versions, Wish } from './recommendations.js';
