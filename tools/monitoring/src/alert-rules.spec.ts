import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertCases, alerts, CASES_FILE } from './alert-rules.js';
import { SECTIONS } from './panels.js';
import { promtool } from './programs.js';
import { RULES_FILE } from './prometheus.js';

const INSTALL_MS_MAX = 400_000;
/** The dashboard itself, and a page of Prometheus. */
const NO_PANELS = ['Trellis', 'Status / Targets'];
const RUNBOOK = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');

describe('promtool', () => {
  it('finds nothing wrong with the rules', async () => {
    const { code, output } = await promtool('check', 'rules', '--lint-fatal', fileURLToPath(RULES_FILE));
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
  }, INSTALL_MS_MAX);

  it('sees every alert fire when it should, and not when it should not', async () => {
    const { code, output } = await promtool('test', 'rules', fileURLToPath(CASES_FILE));
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
  }, INSTALL_MS_MAX);
});

describe.each(alerts().map((alert) => [alert.alert, alert] as const))('%s', (name, { labels, annotations }) => {
  it('has a case in which it fires, and one in which it does not', () => {
    const cases = alertCases().filter(({ alertname }) => alertname === name);
    expect(cases.some(({ exp_alerts = [] }) => exp_alerts.length > 0)).toBe(true);
    expect(cases.some(({ exp_alerts = [] }) => exp_alerts.length === 0)).toBe(true);
  });

  it('says how bad it is and what it is', () => {
    expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|warning|info)$/) });
    expect(annotations['summary']).toMatch(/^\S.*[^.]$/);
  });

  it('leads to its section of the runbook', () => {
    expect(annotations['runbook_url']).toBe(`docs/runbook.md#${name.toLowerCase()}`);
    expect(RUNBOOK).toMatch(new RegExp(`^### ${name}$`, 'm'));
  });
});

it('the runbook has no section for an alert that is gone', () => {
  expect([...RUNBOOK.matchAll(/^### (Trellis\w+)$/gm)].map(([, name]) => name).sort()).toEqual(alerts().map(({ alert }) => alert).sort());
});

it('the runbook names panels as the dashboard does, and sections as it has them', () => {
  const titles = SECTIONS.flatMap(({ panels }) => panels.map(({ title }) => title));
  const named = [...RUNBOOK.matchAll(/(?<!\*)\*([A-Z][^*]+)\*(?!\*)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !titles.includes(name) && !NO_PANELS.includes(name))).toEqual([]);
  const sections = [...RUNBOOK.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
  expect([...RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor).filter((anchor) => !sections.includes(anchor))).toEqual([]);
});

it('the cases lie apart from the rules, where Prometheus does not load them', () => {
  expect(dirname(fileURLToPath(CASES_FILE))).not.toBe(dirname(fileURLToPath(RULES_FILE)));
});
