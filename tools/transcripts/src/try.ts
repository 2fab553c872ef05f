import { fiveLearners } from './five-learners.js';
const t = await fiveLearners();
console.log(t.markdown, JSON.stringify(t.seen));
