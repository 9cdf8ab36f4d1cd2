"""Style sheet of the report, for narrow and wide, light and dark screens, and for print."""

STYLE = """
:root {
  --paper: #fff; --ink: #1c2024; --soft: #5b6470; --line: #d5dae0; --band: #f4f6f8;
  --link: #0b57a4; --main: #2f6fab; --mark: #b3470a;
  --c0: #c2571a; --c1: #8a6d00; --c2: #1e8a68; --c3: #a5467f; --c4: #5a55b0; --c5: #777f88;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e4e7ea; --soft: #9aa4af; --line: #39414a; --band: #1d2126;
    --link: #7db8f0; --main: #5d9dd8; --mark: #f0955a;
    --c0: #e58a52; --c1: #cfae3a; --c2: #4cbf98; --c3: #d883b5; --c4: #9a95ea; --c5: #98a1aa;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 2rem 0 .25rem; font-size: 1.1rem; }
p { max-width: 45rem; }
.root { margin: .25rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0; padding: 0; list-style: none; }
a { color: var(--link); }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
footer, .soft { color: var(--soft); font-size: .875rem; }
td code, th code { display: inline-block; min-width: 10rem; max-width: 24rem; }
.note { border-left: 4px solid var(--mark); padding-left: .75rem; }
/* a shadow at each side that has more to scroll to: the paper over it moves with the table */
.scroll {
  overflow-x: auto; margin: .75rem 0;
  background:
    linear-gradient(90deg, var(--paper) 40%, transparent) left / 2rem 100% no-repeat local,
    linear-gradient(270deg, var(--paper) 40%, transparent) right / 2rem 100% no-repeat local,
    linear-gradient(90deg, var(--line), transparent) left / .75rem 100% no-repeat scroll,
    linear-gradient(270deg, var(--line), transparent) right / .75rem 100% no-repeat scroll;
}
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; }
caption { position: sticky; left: 0; max-width: min(45rem, 100vw - 2rem); padding-bottom: .25rem;
  color: var(--soft); text-align: left; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; font-weight: normal; }
thead th { color: var(--soft); vertical-align: bottom; }
tbody th { min-width: 6rem; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .n { white-space: normal; }
.bar { display: block; width: 100%; height: 1.25rem; background: var(--band); }
td .bar { width: 9rem; height: .7rem; margin-top: .15rem; }
.key { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .25rem 0 1rem; padding: 0; list-style: none;
  font-size: .9rem; }
.key svg { display: inline; width: .8rem; height: .8rem; margin-right: .35rem; }
.key svg.wide { width: 2.2rem; }
figure { margin: 1rem 0; }
figcaption { max-width: 45rem; color: var(--soft); font-size: .875rem; }
.chart { display: block; width: 100%; max-width: 36rem; height: auto; }
.chart text { fill: var(--ink); font: 12px system-ui, sans-serif; }
.chart .axis { stroke: var(--soft); }
.chart .grid { stroke: var(--line); }
.chart .curve { fill: none; stroke: var(--main); stroke-width: 2.5; }
.chart .dashed { stroke-dasharray: 6 5; stroke-width: 1.75; }
.chart .limit { stroke: var(--mark); stroke-dasharray: 2 4; stroke-width: 1.5; }
.chart .point { fill: var(--paper); stroke: var(--mark); stroke-width: 2; }
.chart .error { stroke: var(--mark); stroke-width: 1.5; }
.chart .median { stroke: var(--paper); stroke-width: 2; }
.chart.boxes { max-width: 22rem; }
.chart.flow { width: auto; max-width: none; }
.chart.flow .name { font-weight: 600; }
.chart.flow .reason { fill: var(--soft); font-size: 11px; }
.small { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0 1rem; }
.small figure { margin: .5rem 0; }
.columns { columns: 28rem; column-gap: 2rem; }
.columns tbody th { overflow-wrap: anywhere; }
.columns > * { break-inside: avoid; }
del { color: var(--mark); }
ins { color: var(--link); text-decoration: underline; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { display: flex; flex-direction: column; flex: 1 1 13rem; padding: .75rem 1rem;
  background: var(--band); border-radius: .5rem; }
.tiles strong { font-size: 1.4rem; }
article { margin: 1rem 0; padding-left: .75rem; border-left: 3px solid var(--line); }
article h4, article p { margin: .15rem 0; }
.text { max-width: 45rem; white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; }
@media print { details { display: block; } a { color: inherit; } }
"""
