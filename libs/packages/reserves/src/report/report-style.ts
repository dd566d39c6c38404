/** The style of a printed report: black on white, nothing said by colour alone. */
export const STYLE = `
@page { margin: 18mm 16mm }
body { margin: 0; background: #fff; color: #14181f; font: 400 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums }
main { max-width: 60rem; margin: 0 auto; padding: 32px 20px }
h1 { font-size: 28px; line-height: 1.15; margin: 0 0 16px }
h2 { font-size: 19px; margin: 32px 0 8px; break-after: avoid }
h3 { font-size: 15px; margin: 16px 0 4px }
p, ul { margin: 0 0 8px }
ul { padding-left: 1.3em }
.plain { padding: 0; list-style: none }
.verdict { padding: 14px 16px; border: 2px solid #848d9a; border-radius: 6px; font-size: 17px }
.good { border-color: #0b6e4f }
.bad { border-color: #b3261e }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; margin: 16px 0 }
dt { color: #566070 }
dd { margin: 0; overflow-wrap: anywhere }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th, td { padding: 6px 12px 6px 0; text-align: left; vertical-align: baseline }
thead th { color: #566070; font-size: 13px }
tbody tr { border-top: 1px solid #d9dde3; break-inside: avoid }
tbody tr.below { border-top: 0 }
.below td { padding-top: 0 }
.n { text-align: right; white-space: nowrap }
.fine { color: #566070; font-size: 13px }
svg { display: block; width: 100%; height: 18px }
.proved { fill: #14181f }
.checked { fill: #848d9a }
.claimed { fill: #fff; stroke: #848d9a; stroke-width: 2; vector-effect: non-scaling-stroke }
.owed { fill: #b3261e }
footer { margin-top: 32px; border-top: 1px solid #d9dde3; padding-top: 8px; color: #566070; font-size: 13px }
@media (max-width: 40rem) { table { display: block; overflow-x: auto } dl { grid-template-columns: minmax(0, 1fr) } }
`;
