// How the report looks: light or dark as the reader's system says, text at a contrast of 7 to 1 and more.

export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #4a525c; --rule: #d5dae0; --panel: #f4f6f8; --accent: #0b5394; --warn: #7a3e00; --warn-ground: #fff4e0; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e8eaed; --soft: #b4bac2; --rule: #3a4149; --panel: #1d2126; --accent: #8ec1f5; --warn: #ffd08a; --warn-ground: #332508; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 70rem; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.75rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 0 0 .25rem; font-size: 1rem; }
p, ul { max-width: 46rem; margin: .4rem 0; }
ul { padding-left: 1.2rem; }
.soft, figcaption { color: var(--soft); }
.trap { max-width: 46rem; margin: .6rem 0; padding: .6rem .9rem; border-left: 4px solid var(--warn); background: var(--warn-ground); color: var(--warn); }
.scrolls { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { padding: 0 0 .35rem; color: var(--soft); text-align: left; }
th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--rule); text-align: left; white-space: nowrap; }
thead th { border-bottom: 2px solid var(--soft); color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; }
.number { text-align: right; }
.marked th, .marked td { font-weight: 650; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr)); gap: 1.25rem; margin: .9rem 0; }
figure { margin: 0; }
figcaption { font-size: .88rem; }
svg { max-width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--soft); }
.grid { stroke: var(--rule); }
.ideal { stroke: var(--soft); stroke-dasharray: 4 4; }
line.accent { stroke: var(--accent); stroke-width: 2; }
circle.accent { fill: var(--accent); }
line.plain { stroke: var(--soft); stroke-width: 1.5; }
rect.plain { fill: var(--ground); stroke: var(--soft); stroke-width: 1.5; }
.bar { fill: var(--rule); }
.key { display: inline-flex; gap: .4rem; align-items: center; margin-right: 1.2rem; color: var(--soft); font-size: .9rem; }
code { font-size: .85em; overflow-wrap: anywhere; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--accent); }
@media print { body { max-width: none; } }
`;
