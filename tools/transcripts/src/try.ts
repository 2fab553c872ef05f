import { individualized } from './individualized.js';
import { differentiated } from './differentiated.js';
import { personalized } from './personalized.js';
import { blended } from './blended.js';
const t = await { individualized, differentiated, personalized, blended }[process.argv[2] as 'individualized']();
console.log(t.markdown, JSON.stringify(t.seen));
