// What the parts of a run come to, each counted by itself.
import { Counter, Trend } from 'k6/metrics';
import { isRefusal } from './requests.js';

/** To be made while the script is read. Without `perSecond` what was due is what was sent. */
export function part(name, { perSecond, from, lasting, events }) {
  const took = new Trend(`took_${name}`, true);
  const refused = new Counter(`refused_${name}`);
  const failed = new Counter(`failed_${name}`);
  return {
    saw({ status, timings }) {
      if (status === 200) took.add(timings.duration);
      else (isRefusal(status) ? refused : failed).add(1);
    },
    of(metrics) {
      const counted = (counter) => metrics[`${counter}_${name}`]?.values.count ?? 0;
      const { count: answered = 0, ...times } = metrics[`took_${name}`]?.values ?? {};
      const seen = answered + counted('refused') + counted('failed');
      const due = perSecond === undefined ? seen : Math.max(1, Math.round(perSecond)) * lasting;
      // The first or last arrival of a part may fall just beside it.
      const unsent = due - seen > 1 ? due - seen : 0;
      const time = (statistic) => (answered === 0 ? null : times[statistic]);
      return {
        name,
        fromSecond: from,
        seconds: lasting,
        offeredPerSecond: due / lasting,
        answered,
        refused: counted('refused'),
        failed: counted('failed'),
        unsent,
        answeredPerSecond: answered / lasting,
        eventsPerSecond: events === undefined ? undefined : (answered * events) / lasting,
        p50Ms: time('med'),
        p95Ms: time('p(95)'),
        p99Ms: time('p(99)'),
      };
    },
  };
}
