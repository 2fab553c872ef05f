import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { DASHBOARD_FILE, dashboardText, INFRA } from './dashboard-file.js';
import { SECTIONS } from './panels.js';

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

interface DashboardJson {
  readonly uid: string;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

const json = JSON.parse(readFileSync(DASHBOARD_FILE, 'utf8')) as DashboardJson;
const yaml = (path: string): unknown => load(readFileSync(new URL(path, INFRA), 'utf8'));

describe('the dashboard', () => {
  it('is what its source says; npm run dashboard in this folder writes it anew', () => {
    expect(readFileSync(DASHBOARD_FILE, 'utf8')).toBe(dashboardText());
  });

  it('has a title, a description and queries for every panel', () => {
    const shown = json.panels.filter(({ type }) => type !== 'row');
    expect(shown.map(({ title }) => title)).toEqual(SECTIONS.flatMap(({ panels }) => panels.map(({ title }) => title)));
    for (const { description, targets = [], datasource } of shown) {
      expect(description).toMatch(/\.$/);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(datasource?.uid).toBe('${datasource}');
    }
  });

  it('names each panel and each number once', () => {
    expect(new Set(json.panels.map(({ id }) => id)).size).toBe(json.panels.length);
    expect(new Set(json.panels.map(({ title }) => title)).size).toBe(json.panels.length);
  });

  it('lays no panel over another, and none beyond the edge', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of json.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(`${title} ${taken.has(`${x} ${y}`) ? 'lies over' : 'has'} ${x} ${y}`).toBe(`${title} has ${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it('asks only for variables that it has', () => {
    const names = json.templating.list.map(({ name }) => name);
    expect(names).toEqual(['datasource', 'job', 'instance']);
    const used = json.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => expr.match(/(?<=\$)\w+/g) ?? []));
    expect([...new Set(used)].filter((name) => !name.startsWith('__')).sort()).toEqual(['instance', 'job']);
  });
});

describe('what Grafana is provided with', () => {
  it('has Prometheus as its source', () => {
    expect(yaml('grafana/provisioning/datasources/prometheus.yml')).toMatchObject({ apiVersion: 1, datasources: [{ name: 'Prometheus', type: 'prometheus', access: 'proxy', url: expect.stringMatching(/^http/), isDefault: true }] });
  });

  it('reads dashboards from a folder', () => {
    expect(yaml('grafana/provisioning/dashboards/trellis.yml')).toMatchObject({ apiVersion: 1, providers: [{ type: 'file', options: { path: expect.stringMatching(/^\/.*dashboards$/) } }] });
  });
});
