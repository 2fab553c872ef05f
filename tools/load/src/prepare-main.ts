// Has k6 at hand before any test needs it.
import { k6 } from './k6.js';

console.log(`k6: ${k6()}`);
