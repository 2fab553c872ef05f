// Figures of parts of the answers, on the page.
import type { Ran } from './run-facts.js';

export function slicesSection(_ran: Ran): string {
  return '';
}

export function subgroupsSection(_ran: Ran): string {
  return '';
}
