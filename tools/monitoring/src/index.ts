export { differences, METRICS, metricsIn, type Kind, type Metric } from './metric-list.js';
export { panelData, type Drawn, type Span } from './panel-data.js';
export { Prometheus, RULES_FILE, type Job, type Rule, type Series } from './prometheus.js';
