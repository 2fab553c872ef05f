export { linearAxis, logAxis, namesAxis, type Axis } from './axis.js';
export { bars, barsHeight, type Bars } from './bars.js';
export { panel, type Limit, type Panel, type Point, type Series, type Tone } from './panel.js';
export { markdownTable, numberText } from './report.js';
export { withPart } from './results.js';
export { CHART_STYLE, escaped, paletteOf, svgOf } from './svg.js';
