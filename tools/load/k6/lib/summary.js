// What a run came to, for the runner to read.
export function summaryOf(suite, { parts = [], figures = () => [] } = {}) {
  return (data) => {
    const metrics = Object.fromEntries(Object.entries(data.metrics).map(([name, { type, contains, values }]) => [name, { type, contains, values }]));
    const thresholds = Object.entries(data.metrics).flatMap(([metric, { thresholds: all = {} }]) => Object.entries(all).map(([threshold, { ok }]) => ({ metric, threshold, ok })));
    const of = parts.map((part) => part.of(metrics));
    const begunAt = Date.now() - data.state.testRunDurationMs;
    return { [__ENV.TRELLIS_SUMMARY]: JSON.stringify({ suite, begunAt, metrics, thresholds, parts: of, figures: figures(of, metrics) }) };
  };
}
