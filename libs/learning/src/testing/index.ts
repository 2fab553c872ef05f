export { calibrationDocument } from './calibrations.js';
