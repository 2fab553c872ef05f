// Writes the dashboard into infra/grafana, where Grafana reads it.
import { writeFileSync } from 'node:fs';
import { DASHBOARD_FILE, dashboardText } from './dashboard-file.js';

writeFileSync(DASHBOARD_FILE, dashboardText());
