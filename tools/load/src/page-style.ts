// How the page of a load test looks: light or dark as its reader has it, on a phone, on a screen and on paper.
import { CHART_STYLE, paletteOf } from '@trellis/bench';

export const PAGE_STYLE = `${paletteOf(':root')}
:root{--held:#1d6b45;--held-ground:#e3f3ea;--broken:#b3261e;--broken-ground:#fce8e6;--note-ground:#fdf2d8;--card:#f5f7f9}
@media (prefers-color-scheme:dark){:root{--held:#7ddcaa;--held-ground:#12352a;--broken:#ffaba3;--broken-ground:#4a1c19;--note-ground:#40340f;--card:#1d232b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:24px 20px 48px;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{margin:0 0 4px;font-size:26px;line-height:1.2}
h2{margin:36px 0 10px;font-size:18px}
p{margin:6px 0;max-width:110ch}
.quiet{color:var(--quiet)}
.verdict{display:inline-block;margin:10px 0 2px;padding:6px 14px;border-radius:8px;font-weight:600}
.held{color:var(--held)}.verdict.held{background:var(--held-ground)}
.broken{color:var(--broken)}.verdict.broken{background:var(--broken-ground)}
.held,.broken{font-weight:600;white-space:nowrap}
.verdict.none{background:var(--card)}
.note{margin:14px 0 0;padding:10px 14px;border-radius:8px;background:var(--note-ground);max-width:none}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(158px,1fr));gap:10px;margin:18px 0 0;padding:0}
.tiles div{padding:10px 14px;border-radius:8px;background:var(--card)}
.tiles dt{color:var(--quiet);font-size:13px;line-height:1.3}
.tiles dd{margin:0 0 2px;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums}
.tiles small{font-size:13px;font-weight:400}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.wide{overflow-x:auto;margin:12px 0 0}
table{border-collapse:collapse;min-width:min(100%,560px);font-variant-numeric:tabular-nums}
th,td{padding:5px 18px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--faint)}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--quiet);font-size:13px;font-weight:600;vertical-align:bottom}thead .number{white-space:normal}
tbody th{position:sticky;left:0;min-width:8.5em;background:var(--ground);font-weight:400}
.number{text-align:right;white-space:nowrap}
code{font:13px ui-monospace,monospace}
td code,th code{color:var(--quiet);font-size:12px;overflow-wrap:anywhere}
pre{margin:6px 0;padding:10px 14px;border-radius:8px;background:var(--card);white-space:pre-wrap;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:26px 28px;align-items:start}
.charts svg{display:block;width:100%;max-width:400px;height:auto}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:8px 0}
dl.facts dt{color:var(--quiet)}dl.facts dd{margin:0;overflow-wrap:anywhere}
details{margin:12px 0}summary{cursor:pointer}
:focus-visible{outline:2px solid var(--tone-0);outline-offset:2px}
@media (max-width:600px){body{padding:16px 14px 32px}th,td{padding-right:11px;font-size:14px}tbody th code{display:none}.word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}h1{font-size:22px}}
@media print{@page{margin:14mm}body{padding:0;max-width:none;font-size:11pt}.charts{grid-template-columns:1fr 1fr}.charts svg,.tiles div,tr{break-inside:avoid}h2{break-after:avoid}details:not([open]){display:none}.wide{overflow:visible}tbody th{position:static;min-width:0}th,td{padding:2px 9px 2px 0}th,td,thead th,td code,th code{font-size:8pt}*{print-color-adjust:exact}}
${CHART_STYLE}`;
