export { live, specFor } from './spec-for.js';
