// Where the dashboard lies, and the text that it must have.
import { dashboard } from './dashboard.js';

export const INFRA = new URL('../../../infra/', import.meta.url);
export const DASHBOARD_FILE = new URL('grafana/dashboards/trellis.json', INFRA);

export function dashboardText(): string {
  return `${JSON.stringify(dashboard(), null, 2)}\n`;
}
