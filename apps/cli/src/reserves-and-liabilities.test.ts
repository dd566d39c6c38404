import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish, type Published } from '../testing/published';
import { runCli, temporaryFolder } from '../testing/run-cli';

const folder = temporaryFolder();
const built = join(folder, 'reserves');
const manifest = join(folder, 'published/manifest.json');
const proof = join(folder, 'published/global-proof.ndjson');
let snapshot: Published;

interface Manifest {
  readonly header: {
    readonly snapshot: string;
    readonly takenAt: string;
    readonly assets: readonly { readonly symbol: string; readonly scale: number }[];
  };
  readonly totals: readonly string[];
}

/** Exactly what is owed of each asset, with a custodian: enough to compare. */
async function build(name: string, change: (amount: bigint) => bigint = (amount) => amount): Promise<string> {
  const { header, totals } = JSON.parse(snapshot.manifest.toString()) as Manifest;
  const { keys } = JSON.parse(readFileSync(snapshot.config, 'utf8')) as { readonly keys: unknown };
  const networks = ['bitcoin', 'xrpl'].map((network) => ({
    ...{ network, height: '1', block: `0x${'11'.repeat(32)}`, time: header.takenAt },
  }));
  const lines = header.assets.map(({ symbol }, t) => ({
    ...{ network: 'xrpl', asset: symbol, token: `${symbol}.issuer`, address: 'custody', class: 'custodian' },
    amount: change(BigInt(totals[t]!)).toString(),
  }));
  writeFileSync(join(folder, `${name}.ndjson`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const config = {
    ...{ operator: snapshot.operator, domain: 'exchange.example', anchor: 'bitcoin', networks, keys },
    ...{ snapshot: header.snapshot, takenAt: header.takenAt, liabilities: 'published/manifest.json' },
    assets: header.assets
      .map(({ symbol, scale }) => ({ symbol, scale }))
      .sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
    holdings: lines.map(({ network, asset, token }, t) => ({
      ...{ network, asset, token, decimals: header.assets[t]!.scale },
    })),
    lines: [`${name}.ndjson`],
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
  const output = `${built}-${name}`;
  const { code, stderr } = await runCli([
    'reserves',
    'build',
    output,
    '--config',
    join(folder, `${name}.json`),
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return output;
}

async function verify(directory: string, ...more: readonly string[]) {
  const { code, stdout } = await runCli([
    'verify-reserves',
    directory,
    '--operator',
    snapshot.operator,
    ...more,
    '--json',
  ]);
  return { code, document: JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown> };
}

beforeAll(async () => {
  snapshot = await publish(folder);
});

test('with the global proof in the same run what is owed is proved; it is covered no further than it was shown', async () => {
  const directory = await build('enough');
  expect(await verify(directory)).toMatchObject({ code: 0, document: { liabilities: 'not given' } });
  expect(await verify(directory, '--manifest', manifest)).toMatchObject({
    ...{ code: 0, document: { liabilities: 'unproved', solvency: { verdict: 'claimed' } } },
  });
  const both = ['--manifest', manifest, '--proof', proof];
  const required = ['--require', 'liabilities', '--require', 'covered:claimed'];
  expect(await verify(directory, ...both, ...required)).toMatchObject({
    ...{ code: 0, document: { liabilities: 'proved', required: true, solvency: { verdict: 'claimed' } } },
  });
  expect(await verify(directory, ...both, '--require', 'covered')).toMatchObject({
    code: 1,
    document: { verdict: 'right', required: false },
  });
});

test('one unit less than is owed is short', async () => {
  const directory = await build('short', (amount) => amount - 1n);
  expect(await verify(directory, '--manifest', manifest)).toMatchObject({
    code: 0,
    document: { solvency: { verdict: 'short' } },
  });
});

test('a report of the published folder: what is owed is proved in the same run, and said so', async () => {
  const reserves = await build('reported');
  const output = join(folder, 'report');
  const { code, stdout } = await runCli([
    ...['report', join(folder, 'published'), '--reserves', reserves, '--operator', snapshot.operator],
    ...['--output', output],
  ]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('report.html') });
  const report = JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as object;
  expect(report).toMatchObject({ liabilities: 'proved', verdict: 'claimed', outcome: 'right' });
  const html = readFileSync(join(output, 'report.html'), 'utf8');
  expect(html).toContain('data-check="liabilities" data-done="true"');
  // Every amount is a custodian's: nothing of it is green.
  expect(html).toMatch(/data-verdict="claimed"><b>○ Claimed, not shown/);
});

test('a global proof that fails, or is cut off: refused', async () => {
  const directory = await build('forged');
  const forged = join(folder, 'forged-proof.ndjson');
  const text = readFileSync(proof, 'utf8');
  const at = text.lastIndexOf('"commitments":["0x') + 40;
  writeFileSync(forged, `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`);
  const refused = await verify(directory, '--manifest', manifest, '--proof', forged);
  expect(refused.document.ok).toBe(false);
  expect(['wrong', 'malformed']).toContain(refused.document.verdict);
  writeFileSync(forged, text.slice(0, -1));
  expect(await verify(directory, '--manifest', manifest, '--proof', forged)).toMatchObject({
    code: 2,
    document: { verdict: 'malformed' },
  });
  const { header } = JSON.parse(snapshot.manifest.toString()) as Manifest;
  const other = join(folder, 'other.json');
  writeFileSync(
    other,
    JSON.stringify({ ...JSON.parse(snapshot.manifest.toString()), header: { ...header, snapshot: 'other' } }),
  );
  expect((await verify(directory, '--manifest', other)).code).not.toBe(0);
});
