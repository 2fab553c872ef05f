import { rules } from './alert-rules.js';
import { differences, METRICS, metricsIn } from './metric-list.js';
import { queryOf, SECTIONS } from './panels.js';
import { startSampleService } from './sample-service.js';

const expressions = [...SECTIONS.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(queryOf))), ...rules().map(({ expr }) => expr)];
const asked = expressions.flatMap((expression) => metricsIn(expression).map((found) => ({ ...found, expression })));

it('finds the metrics of an expression by the names of their series', () => {
  const found = metricsIn('rate(trellis_append_seconds_bucket{le="1"}[5m]) / trellis_rows + trellis:memory_limit_bytes + trellis_rows_total');
  expect(found.map(({ series, metric }) => [series, metric?.name])).toEqual([
    ['trellis_append_seconds_bucket', 'trellis_append_seconds'],
    ['trellis_rows', 'trellis_rows'],
    ['trellis_rows_total', undefined],
  ]);
});

it('has every metric that dashboard and rules ask for', () => {
  expect(asked.filter(({ metric }) => metric === null).map(({ series, expression }) => `${series} in ${expression}`)).toEqual([]);
});

it('has no metric that neither asks for', () => {
  const used = new Set(asked.map(({ metric }) => metric?.name));
  expect(METRICS.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

it('names each metric once, as Prometheus wants names', () => {
  const names = METRICS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, kind } of METRICS) {
    expect(name).toMatch(/^trellis_[a-z][a-z0-9_]*[a-z0-9]$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
  }
});

it('asks for no label that the metric does not have', () => {
  const unknown = asked.flatMap(({ series, metric, expression }) =>
    [...expression.matchAll(new RegExp(`${series}\\{([^}]*)\\}`, 'g'))].flatMap(([, selector = '']) =>
      [...selector.matchAll(/(\w+)(?:=|!|~)/g)].map(([, label = '']) => label).filter((label) => !['job', 'instance', 'le', ...Object.keys(metric?.labels ?? {})].includes(label)).map((label) => `${label} of ${series}`),
    ),
  );
  expect(unknown).toEqual([]);
});

describe('what a service exposes', () => {
  const told = (...lines: readonly string[]): readonly string[] => differences(`${lines.join('\n')}\n`);

  it('is held against the list by name, kind and labels', () => {
    expect(told('# TYPE trellis_rows gauge', 'trellis_rows{view="learner"} 5', '# TYPE nodejs_x gauge', 'nodejs_x 1')).toEqual([]);
    expect(told('# TYPE trellis_row gauge', 'trellis_row 5')).toEqual(['trellis_row is not in the list']);
    expect(told('# TYPE trellis_rows counter')).toEqual(['trellis_rows is a counter and should be a gauge']);
    expect(told('# TYPE trellis_rows gauge', 'trellis_rows 5')).toEqual(['trellis_rows has the labels "" and should have "view"']);
    expect(told('# TYPE trellis_http_request_seconds histogram', 'trellis_http_request_seconds_bucket{le="1",method="GET",route="/v1/{a},b=\\"c\\"",status="200"} 1')).toEqual([]);
  });

  it('is as the list says where the sample service exposes it', async () => {
    const service = await startSampleService();
    const text = await (await fetch(`http://${service.address}/metrics`)).text();
    service.stop();
    expect(text.match(/^# TYPE trellis_/gm)).toHaveLength(METRICS.length);
    expect(differences(text)).toEqual([]);
  });
});
