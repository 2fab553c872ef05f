import { panelData, type Drawn } from './panel-data.js';
import { Prometheus, type Rule } from './prometheus.js';
import { startSampleService, type SampleService } from './sample-service.js';

const JOBS = ['trellis-ingest', 'trellis-projector', 'trellis-recommender'];
const EVERY_MS = 500;
const READINGS = 4;
/** Prometheus may have to be installed. */
const START_MS_MAX = 400_000;

let services: readonly SampleService[] = [];
let prometheus: Prometheus | null = null;
let drawn: readonly Drawn[] = [];
let rules: readonly Rule[] = [];

beforeAll(async () => {
  services = await Promise.all(JOBS.map(startSampleService));
  prometheus = await Prometheus.start(
    JOBS.map((name, at) => ({ name, addresses: [services[at]?.address ?? ''] })),
    EVERY_MS,
  );
  await prometheus.hasRead(READINGS, JOBS.length);
  drawn = await panelData(prometheus, { seconds: 3, rateSeconds: 60 });
  rules = await prometheus.rules();
}, START_MS_MAX);

afterAll(async () => {
  await prometheus?.stop();
  for (const service of services) service.stop();
});

it('every panel has something to draw, whatever it asks for', () => {
  expect(drawn.length).toBeGreaterThan(40);
  expect(drawn.filter(({ series }) => series.length === 0).map(({ title, query }) => `${title}: ${query}`)).toEqual([]);
});

it('every label of a legend is one that the series have', () => {
  const missing = drawn.flatMap(({ title, series }) =>
    [...title.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, label = '']) => series.filter(({ labels }) => labels[label] === undefined).map(() => `${title} lacks ${label}`)),
  );
  expect(missing).toEqual([]);
});

it('every series of a panel has a legend of its own', () => {
  const double = drawn.filter(({ title, series }) => new Set(series.map(({ labels }) => title.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? ''))).size < series.length);
  expect(double.map(({ title }) => title)).toEqual([]);
});

it('every rule can be evaluated', () => {
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
});

it('a query that Prometheus does not understand is an error, not an empty panel', async () => {
  await expect(prometheus?.queryRange('rate(trellis_rows[)', 1)).rejects.toThrow(/^Prometheus answered 400 to query_range rate\(trellis_rows\[\): .*parse error/);
});
