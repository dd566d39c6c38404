import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readBalances, sumsOf, type Balance } from '../testing/balances';
import { proofFileOf } from '../testing/proof-file';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';
import type { ValueDocument } from './values';

const root = temporaryFolder();

const CASES = [
  { mode: 'aggregate', format: 'okx', files: 2, scale: 0, gzip: false },
  { mode: 'spot', format: 'ndjson', files: 1, scale: 8, gzip: true },
  { mode: 'margin', format: 'csv', files: 3, scale: 8, gzip: false },
] as const;

/** What one line of a table of values must say; in aggregate all tokens are one figure. */
function expectedValues(mode: string, balances: readonly Balance[]): Map<string, bigint> {
  const sums = [...sumsOf(balances)];
  if (mode !== 'aggregate')
    return new Map(
      sums.flatMap(([symbol, { equity, debt }]) => [
        [`${symbol} equity`, equity],
        ...(mode === 'spot' ? [] : ([[`${symbol} debt`, debt]] as const)),
      ]),
    );
  return new Map([
    ['USD equity', sums.reduce((sum, [, { equity }]) => sum + equity, 0n)],
    ['USD debt', sums.reduce((sum, [, { debt }]) => sum + debt, 0n)],
  ]);
}

/** NDJSON leaves out what an account does not hold. */
function held(values: ReadonlyMap<string, bigint>): Map<string, bigint> {
  return new Map([...values].filter(([, amount]) => amount > 0n));
}

function byName(values: unknown): Map<string, bigint> {
  return new Map((values as ValueDocument[]).map((v) => [`${v.symbol} ${v.side}`, BigInt(v.amount)]));
}

describe.each(CASES)('$mode from $format', ({ mode, format, files, scale, gzip }) => {
  const folder = join(root, mode);
  const [accounts, config] = [join(folder, 'accounts'), join(folder, 'snapshot.json')];
  const output = join(folder, 'published');
  const [manifest, globalProof] = [join(output, 'manifest.json'), join(output, 'global-proof.ndjson')];
  let balances: Balance[];
  let operator: string;
  const userProof = () => join(output, 'user_proofs', proofFileOf(manifest, balances[0]!.key));

  it('generates', async () => {
    const { code, document } = await runJson([
      'generate',
      ...['--accounts', '70', '--assets', '3', '--mode', mode, '--files', String(files), '--format', format],
      ...['--seed', 'pipeline', '--output', folder, ...(gzip ? ['--gzip'] : [])],
    ]);
    expect(code).toBe(0);
    expect(document).toMatchObject({ command: 'generate', accounts: 70 });
    operator = document.operator as string;
    balances = readBalances(accounts, scale);
    expect(balances).toHaveLength(70);
    expect(readdirSync(accounts)).toHaveLength(files);
  });

  it('checks', async () => {
    const { code, document } = await runJson(['check', '--input', accounts, '--config', config]);
    expect(code).toBe(0);
    expect(document).toMatchObject({ accounts: 70, files, mode });
    expect(byName(document.totals)).toEqual(expectedValues(mode, balances));
  });

  it('proves', async () => {
    const { code, document } = await runJson([
      ...['prove', '--input', accounts, '--config', config, '--output', output, '--workers', '1'],
    ]);
    expect(document).toMatchObject({ ok: true, accounts: 70, resumedBatches: 0 });
    expect(code).toBe(0);
    expect(readdirSync(output).sort()).toEqual(['global-proof.ndjson', 'manifest.json', 'witness']);
    expect(readFileSync(globalProof, 'utf8').split('\n')[0]).toBe(readFileSync(manifest, 'utf8'));
    expect(statSync(join(output, 'witness')).mode & 0o777).toBe(0o700);
    const witness = readdirSync(join(output, 'witness'));
    expect(witness.length).toBeGreaterThan(2);
    for (const name of witness) expect(statSync(join(output, 'witness', name)).mode & 0o777).toBe(0o600);
  });

  it('proves single accounts', async () => {
    const { code, document } = await runJson([
      ...['prove-user', '--witness', join(output, 'witness'), '--key', balances[0]!.key],
      ...['--output', join(output, 'user_proofs'), '--workers', '1'],
    ]);
    expect(code).toBe(0);
    const name = proofFileOf(manifest, balances[0]!.key);
    expect(document).toMatchObject({ written: 1, missing: [], files: [name] });
    expect(readdirSync(join(output, 'user_proofs')).sort()).toEqual(
      [name, 'index.ndjson', 'manifest.json'].sort(),
    );
  });

  it('verifies the global proof', async () => {
    const { code, document } = await runJson([
      ...['verify-global', globalProof, '--operator', operator, '--workers', '1'],
    ]);
    expect(code).toBe(0);
    expect(document).toMatchObject({ valid: true, proofs: 1 });
    const summary = document.manifest as Record<string, unknown>;
    expect(summary).toMatchObject({ snapshot: 'generated', takenAt: '2026-01-01T00:00:00Z', operator });
    expect(byName(summary.totals)).toEqual(expectedValues(mode, balances));
  });

  it('verifies an account and shows its balance', async () => {
    const { code, document } = await runJson([
      ...['verify-user', '--global', manifest, '--key', balances[0]!.key, userProof()],
    ]);
    expect(code).toBe(0);
    const [result] = document.files as { status: string; keyChecked: boolean; values: ValueDocument[] }[];
    expect(result).toMatchObject({ status: 'valid', keyChecked: true });
    expect(held(byName(result!.values))).toEqual(held(expectedValues(mode, [balances[0]!])));
    expect(result!.values).toHaveLength(expectedValues(mode, balances).size);
  });

  it('verifies the folder', async () => {
    const { code, stdout } = await runCli(['verify', output, '--operator', operator, '--workers', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain('1 of 1 file valid');
    expect(stdout).toContain('VALID: all that was checked in');
    expect(stdout).toMatch(/! NOT checked whose account it is/);
    expect(stdout).toContain(`signed by the expected operator ${operator}`);
  });

  it('inspects each kind of file', async () => {
    const types: [string, string][] = [
      [manifest, 'manifest'],
      [globalProof, 'global-proof'],
      [userProof(), 'inclusion'],
    ];
    for (const [file, type] of types) {
      const { code, document } = await runJson(['inspect', file]);
      expect(code).toBe(0);
      expect(document).toMatchObject({ type, verified: false, header: { mode, operator } });
    }
    expect((await runCli(['inspect', userProof()])).stdout).toContain('nothing was verified');
  });
});
