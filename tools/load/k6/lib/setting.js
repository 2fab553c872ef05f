// What the runner says, and the learners and items that it seeded.
import { SharedArray } from 'k6/data';

export const recommender = __ENV.TRELLIS_RECOMMENDER_URL;
export const ingest = __ENV.TRELLIS_INGEST_URL;
export const seed = Number(__ENV.TRELLIS_SEED);
export const rate = Number(__ENV.TRELLIS_RATE);
export const seconds = Number(__ENV.TRELLIS_SECONDS);
export const warmupSeconds = Number(__ENV.TRELLIS_WARMUP_SECONDS);
/** Several services with servers between them: slower goals. */
export const isDistributed = __ENV.TRELLIS_TARGET === 'distributed';
/** A short form asks whether everything is right, not how fast. */
export const isShort = __ENV.TRELLIS_SHORT === '1';

const file = __ENV.TRELLIS_WORLD;
/** [{course, classroom}]; shared arrays hold lists. */
const [place] = new SharedArray('place', () => [(({ course, classroom }) => ({ course, classroom }))(JSON.parse(open(file)))]);
export const { course, classroom } = place;
/** The most popular first: every tenth has a very long history, three of ten a short one. */
export const learners = new SharedArray('learners', () => JSON.parse(open(file)).learners);
export const items = new SharedArray('items', () => JSON.parse(open(file)).items);
