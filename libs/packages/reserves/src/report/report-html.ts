import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { utf8 } from '@solvent-por/kzg';
import { barParts, type AuditReport, type RefusedAuditReport, type ReportAsset } from './audit-report';
import { STYLE } from './report-style';
import {
  CHECK_WORDS,
  CONTROL_WORDS,
  LEVEL_WORDS,
  LIABILITIES_WORDS,
  NOT_SHOWN_WORDS,
  REASON_WORDS,
  verdictWords,
} from './words';

/**
 * A report as one page of HTML for printing: no script, nothing loaded from anywhere, every text of the
 * publication shown as text.
 */
export function auditReportHtml(report: AuditReport | RefusedAuditReport): string {
  const title =
    report.outcome === 'right'
      ? `${report.domain}: reserves and liabilities, ${report.takenAt}`
      : 'Reserves and liabilities: refused';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${base64.encode(sha256(utf8(STYLE)))}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${report.outcome === 'right' ? whole(report) : refused(report)}
${section('Shown by none of this', list(report.notShown.map((one) => text(NOT_SHOWN_WORDS[one]))))}
<footer><p>Made ${text(report.made.at)} by ${text(report.made.by)}. Verify it again: the two files, the manifest and the global proof are public.</p></footer>
</main>
</body>
</html>
`;
}

function refused({ outcome, code, reason, line }: RefusedAuditReport): string {
  const where = line === undefined ? '' : ` Line ${line} of reserve-addresses.ndjson.`;
  return `<h1>Reserves and liabilities</h1>
<p class="verdict bad" data-outcome="${outcome}"><b>✕ ${outcome === 'wrong' ? 'Wrong' : 'Malformed'}.</b> The publication is refused, and nothing in it is shown.</p>
<p>${text(reason)} (${text(code)}).${where}</p>`;
}

function whole(report: AuditReport): string {
  const { domain, snapshot, takenAt, operator, digests, lines, bytes, span } = report;
  const facts: readonly (readonly [string, string])[] = [
    ['Snapshot', `${text(snapshot)}, taken at ${text(takenAt)}`],
    ['Operator’s key', code(operator)],
    ['reserves.json', `${code(digests.reserves)} (digest that is signed)`],
    [
      'reserve-addresses.ndjson',
      `${code(digests.addresses)} (SHA-256), ${number(lines)} lines, ${number(bytes)} bytes`,
    ],
    ['manifest.json', digests.manifest === null ? 'not given' : `${code(digests.manifest)} (digest)`],
  ];
  return [
    `<h1>${text(domain)}: reserves and liabilities</h1>`,
    verdict(report),
    `<dl>${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${value}</dd>`).join('')}</dl>`,
    section('Asset by asset', assets(report)),
    section('What was verified, and what was not', checks(report)),
    section('Why lines are claimed, and no more', reasons(report)),
    section(`Blocks, within ${number(span)} seconds`, blocks(report)),
    ...(report.attested.length === 0 ? [] : [section('Attested, shown by no ledger', attested(report))]),
    ...(report.messages.length === 0
      ? []
      : [
          section('Legacy texts, which can be copied from another exchange', list(report.messages.map(code))),
        ]),
  ].join('\n');
}

function verdict({ verdict, by, prices, liabilities, unit }: AuditReport): string {
  const fine = verdict === 'covered' && liabilities === 'proved';
  const bad = verdict === 'short' || verdict === 'not covered on chain';
  const mark = bad ? '✕' : fine ? '✓' : '○';
  const at = prices === undefined ? '' : ` At the ${prices}’s prices.`;
  const of = unit
    ? ` Owed together: ${amount(unit.owed, unit.scale)} ${text(unit.symbol)}${unit.ratio?.claimed ? `, of which ${percents(unit.ratio)}` : ''}.`
    : '';
  return `<p class="verdict${bad ? ' bad' : fine ? ' good' : ''}" data-verdict="${text(verdict)}"><b>${mark} ${text(verdictWords({ verdict, ...(by && { by }) }))}.</b> ${text(LIABILITIES_WORDS[liabilities])}${text(at)}${of}</p>`;
}

function percents(ratio: NonNullable<ReportAsset['ratio']>): string {
  const percent = (points: string | null) => `${amount(points ?? '0', 2)} %`;
  return `${percent(ratio.proved)} proved, ${percent(ratio.checked)} proved or checked, ${percent(ratio.claimed)} claimed at least`;
}

function assets({ assets }: AuditReport): string {
  const head = ['Asset', 'Owed', 'Proved', 'Checked', 'Claimed', 'Comparison'];
  const rows = assets.map((asset) => {
    const { symbol, scale, owed, proved, checked, claimed, with: other } = asset;
    const word = verdictWords(asset) + (other === undefined ? '' : `, together with ${other}`);
    const cells = [
      owed === null ? '–' : amount(owed.amount, owed.scale),
      ...[proved, checked, claimed].map((units) => amount(units, scale)),
    ];
    return `<tr><th scope="row">${text(symbol)}</th>${cells.map((cell) => `<td class="n">${cell}</td>`).join('')}<td data-asset="${text(symbol)}">${text(word)}</td></tr>
<tr class="below"><td colspan="6">${bar(asset)}<span class="fine">${detail(asset)}</span></td></tr>`;
  });
  const levels = Object.entries(LEVEL_WORDS).map(([level, words]) => `<b>${level}</b>: ${text(words)}`);
  return `<table><thead><tr>${head.map((name, i) => `<th scope="col"${i > 0 && i < 5 ? ' class="n"' : ''}>${name}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>
<p class="fine">${levels.join(' · ')}</p>`;
}

/** What the three sums are made of. */
function detail({ scale, classes, named, layer2, attestedBy, ratio }: ReportAsset): string {
  const parts = [
    ...(classes
      ? [
          `own ${amount(classes.own, scale)}, staked ${amount(classes.staked, scale)}, with custodians ${amount(classes.custodian, scale)}`,
        ]
      : []),
    ...(attestedBy === undefined ? [] : [`attested by ${text(attestedBy)}`]),
    ...(named === '0' ? [] : [`${amount(named, scale)} of the checked under a standing text`]),
    ...(layer2 === '0' ? [] : [`${amount(layer2, scale)} on ledgers whose blocks one party makes`]),
    ...(ratio?.claimed ? [percents(ratio)] : []),
  ];
  return parts.join(' · ');
}

/** Proved is filled, checked striped, claimed empty: it reads in black and white. */
function bar(asset: ReportAsset): string {
  const { proved, checked, claimed, owed } = barParts(asset);
  const at =
    owed === null ? '' : `<rect class="owed" x="${Math.min(owed, 997)}" y="0" width="3" height="26"/>`;
  return `<svg viewBox="0 0 1000 26" preserveAspectRatio="none" aria-hidden="true"><rect class="proved" x="0" y="5" width="${proved}" height="16"/><rect class="checked" x="${proved}" y="5" width="${checked}" height="16"/><rect class="claimed" x="${proved + checked}" y="5" width="${claimed}" height="16"/>${at}</svg>`;
}

function checks({ checks, delegated, modules, ownership }: AuditReport): string {
  const lines = checks.map(({ check, done }) => {
    const [yes, no] = CHECK_WORDS[check];
    return `<li data-check="${check}" data-done="${done}">${done ? '✓ Verified' : '○ Not verified'}: ${text(done ? yes : no)}</li>`;
  });
  const control = Object.entries(ownership).map(
    ([name, of]) =>
      `<li>${number(of)} × ${text(name)}: ${text(CONTROL_WORDS[name as keyof typeof CONTROL_WORDS])}</li>`,
  );
  const beside = [
    ...(delegated > 0
      ? [`${number(delegated)} accounts delegated to code, which can move their coins, too`]
      : []),
    ...(modules > 0 ? [`${number(modules)} Safes with modules, which can move their coins, too`] : []),
  ];
  return `<ul class="plain">${lines.join('')}</ul><h3>Who signed, by lines</h3><ul>${control.join('') || '<li>no line</li>'}</ul>${beside.length > 0 ? list(beside.map(text)) : ''}`;
}

function reasons({ reasons }: AuditReport): string {
  const rows = Object.entries(reasons).map(
    ([reason, of]) =>
      `<li data-reason="${reason}">${number(of)} × ${reason}: ${text(REASON_WORDS[reason as keyof typeof REASON_WORDS])}</li>`,
  );
  return rows.length === 0 ? '<p>No line is.</p>' : `<ul>${rows.join('')}</ul>`;
}

function blocks({ blocks: all, unanswered = [] }: AuditReport): string {
  const silent = list(unanswered.map(({ message, code }) => `No answer: ${text(message)} (${text(code)})`));
  const rows = all.map(
    ({ network, height, block, time, state, node }) =>
      `<tr><th scope="row">${text(network)}</th><td class="n">${text(height)}</td><td>${text(time)}</td><td>${state === 'confirmed' ? `✓ confirmed${node === undefined ? '' : ` by ${text(node)}`}` : '○ not confirmed'}</td></tr><tr class="below"><td colspan="4">${code(block)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Network</th><th scope="col" class="n">Height</th><th scope="col">Time</th><th scope="col">State</th></tr></thead><tbody>${rows.join('')}</tbody></table>${unanswered.length > 0 ? silent : ''}`;
}

function attested({ attested }: AuditReport): string {
  return list(
    attested.map(
      ({ symbol, scale, amount: of, by, digest }) =>
        `${amount(of, scale)} ${text(symbol)}, by ${text(by)}${digest === null ? '' : `, in a document with SHA-256 ${code(digest)}`}`,
    ),
  );
}

function section(title: string, content: string): string {
  return `<section><h2>${text(title)}</h2>${content}</section>`;
}

/** @param items HTML already */
function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

function code(of: string): string {
  return `<code>${text(of)}</code>`;
}

function number(of: number | bigint): string {
  return new Intl.NumberFormat('en').format(of);
}

/** Units of 10^(−scale) with a decimal point, exactly. */
function amount(units: string, scale: number): string {
  const digits = units.padStart(scale + 1, '0');
  const whole = number(BigInt(digits.slice(0, digits.length - scale)));
  return scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(of: string): string {
  return of.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
