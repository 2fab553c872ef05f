// Grafana's JSON of the dashboard, schema of version 11.
import { queryOf, SECTIONS, type Panel, type Section } from './panels.js';

const SCHEMA_VERSION = 39;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Grafana's grid. */
const COLUMNS = 24;
const PANELS_A_ROW = 3;
const HEIGHT = 8;
const STATE_HEIGHT = 4;

export function dashboard(): object {
  return {
    uid: 'trellis',
    title: 'Trellis',
    description: 'Throughput, latency, lag, errors and saturation of a Trellis system',
    tags: ['trellis'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    timepicker: {},
    annotations: { list: [] },
    links: [],
    templating: { list: [datasource(), services('job', 'Service', 'trellis_http_requests_in_flight'), services('instance', 'Instance', 'trellis_http_requests_in_flight{job=~"$job"}')] },
    panels: panels(),
  };
}

function datasource(): object {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {}, hide: 0, includeAll: false, multi: false, options: [], refresh: 1, regex: '', skipUrlSync: false };
}

function services(name: string, label: string, series: string): object {
  const query = `label_values(${series}, ${name})`;
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: `${name}s` },
    current: { selected: true, text: ['All'], value: ['$__all'] },
    includeAll: true,
    multi: true,
    hide: 0,
    options: [],
    refresh: 2,
    regex: '',
    skipUrlSync: false,
    sort: 1,
  };
}

/** A line with its title, then its panels, three in a row; ids in the order of the page. */
function panels(): readonly object[] {
  let y = 0;
  let id = 0;
  return SECTIONS.flatMap((section) => {
    const made: object[] = [{ id: (id += 1), type: 'row', title: section.title, collapsed: false, panels: [], gridPos: { h: 1, w: COLUMNS, x: 0, y } }];
    y += 1;
    const across = section.panels.length === PANELS_A_ROW + 1 ? PANELS_A_ROW + 1 : PANELS_A_ROW;
    const h = heightOf(section);
    for (const [at, each] of section.panels.entries()) {
      const w = COLUMNS / across;
      made.push(panelJson(each, { id: (id += 1), gridPos: { h, w, x: (at % across) * w, y: y + Math.floor(at / across) * h } }));
    }
    y += Math.ceil(section.panels.length / across) * h;
    return made;
  });
}

function heightOf({ panels: all }: Section): number {
  return all.every(({ good }) => good !== undefined) ? STATE_HEIGHT : HEIGHT;
}

function panelJson(panel: Panel, place: { readonly id: number; readonly gridPos: object }): object {
  const { title, about, targets, good } = panel;
  return {
    ...place,
    type: good === undefined ? 'timeseries' : 'stat',
    title,
    description: about,
    datasource: DATASOURCE,
    ...(good === undefined ? lines(panel) : numbers(panel)),
    targets: targets.map((target, at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: DATASOURCE,
      editorMode: 'code',
      expr: queryOf(target),
      legendFormat: target.legend,
      ...(good === undefined ? { range: true } : { instant: true, range: false }),
    })),
  };
}

function lines({ unit }: Panel): object {
  return {
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        color: { mode: 'palette-classic' },
        custom: { drawStyle: 'line', lineWidth: 1, fillOpacity: 8, showPoints: 'never', spanNulls: false, axisPlacement: 'auto', scaleDistribution: { type: 'linear' } },
      },
      overrides: [],
    },
    options: { legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'], showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

function numbers({ unit, good }: Panel): object {
  const steps =
    good === 'zero'
      ? [{ color: 'green', value: null }, { color: 'red', value: 1 }]
      : [{ color: 'red', value: null }, { color: 'green', value: 1 }, { color: 'red', value: 2 }];
  return {
    fieldConfig: { defaults: { unit, decimals: 0, color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    options: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'background', graphMode: 'none', justifyMode: 'auto', orientation: 'auto', textMode: 'value_and_name' },
  };
}
