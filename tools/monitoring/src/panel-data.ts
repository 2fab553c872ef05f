// Every panel's queries put to a Prometheus: what Grafana would draw.
import { queryOf, SECTIONS, SELECTED } from './panels.js';
import type { Prometheus, Series } from './prometheus.js';

export interface Drawn {
  /** Section, panel and legend. */
  readonly title: string;
  readonly query: string;
  /** Without points that are no number, as of a quantile of nothing. */
  readonly series: readonly Series[];
}

export interface Span {
  /** How much of the past is drawn. */
  readonly seconds: number;
  /** What rates are over: at least four readings, as Grafana has it. */
  readonly rateSeconds: number;
}

/** Throws where Prometheus refuses a query. */
export async function panelData(prometheus: Prometheus, { seconds, rateSeconds }: Span): Promise<readonly Drawn[]> {
  const targets = SECTIONS.flatMap((section) => section.panels.flatMap((panel) => panel.targets.map((target) => ({ target, title: `${section.title} / ${panel.title} / ${target.legend}` }))));
  return Promise.all(
    targets.map(async ({ target, title }) => {
      const query = queryOf(target).replaceAll(SELECTED, 'job=~".+",instance=~".+"').replaceAll('$__rate_interval', `${rateSeconds}s`);
      const series = await prometheus.queryRange(query, seconds);
      return { title, query, series: series.map(({ labels, points }) => ({ labels, points: points.filter(([, value]) => Number.isFinite(value)) })).filter(({ points }) => points.length > 0) };
    }),
  );
}
