export { GroupProjecting, TRANSPORT } from './group-projecting.js';
export { ENGINE } from './projecting.js';
export { ProjectorModule } from './projector.module.js';
