// The alert rules and their cases, as they lie in infra/prometheus.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { INFRA } from './dashboard-file.js';
import { RULES_FILE } from './prometheus.js';

export const CASES_FILE = new URL('prometheus/rules/tests/trellis.test.yml', INFRA);

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** promtool checks the form. */
export function rules(): readonly (AlertRule | RecordingRule)[] {
  const { groups } = load(readFileSync(RULES_FILE, 'utf8')) as { readonly groups: readonly { readonly rules: readonly (AlertRule | RecordingRule)[] }[] };
  return groups.flatMap((group) => group.rules);
}

export function alerts(): readonly AlertRule[] {
  return rules().filter((rule): rule is AlertRule => 'alert' in rule);
}

export interface AlertCase {
  readonly alertname: string;
  readonly exp_alerts?: readonly unknown[];
}

export function alertCases(): readonly AlertCase[] {
  const { tests } = load(readFileSync(CASES_FILE, 'utf8')) as { readonly tests: readonly { readonly alert_rule_test: readonly AlertCase[] }[] };
  return tests.flatMap((test) => test.alert_rule_test);
}
