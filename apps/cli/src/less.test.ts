import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { codes, runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** An exchange that shows less than last time, which nobody notices by looking at the new snapshot alone. */

const root = temporaryFolder();
const months = ['october', 'november', 'december'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const [october, november, december] = months;
const manifest = (folder: string) => join(folder, 'manifest.json');
const globalProof = (folder: string) => join(folder, 'global-proof.ndjson');

/** The same keys whatever is held, as they are made from the seed. */
async function prove(folder: string, assets: number, changes: object): Promise<void> {
  const input = join(root, `input ${basename(folder)}`);
  const size = ['--accounts', '10', '--assets', String(assets), '--mode', 'spot'];
  await runJson(['generate', ...size, '--output', input]);
  const file = join(input, 'snapshot.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...changes }));
  const { code } = await runJson([
    ...['prove', '--input', join(input, 'accounts'), '--config', file, '--output', folder, '--workers', '1'],
  ]);
  expect(code).toBe(0);
}

beforeAll(async () => {
  const previous = manifest(october);
  await prove(october, 3, { snapshot: 'october', takenAt: '2025-10-31T00:00:00Z' });
  await prove(november, 3, { snapshot: 'november', takenAt: '2025-11-30T00:00:00Z', previous });
  await prove(december, 2, { snapshot: 'december', takenAt: '2025-12-31T00:00:00Z', previous });
});

const verify = (...more: string[]) =>
  runJson(['verify-global', globalProof(december), '--workers', '1', ...more]);

it('verify-global names each loss, and refuses it only where that was asked for', async () => {
  const known = ['--previous', manifest(october)];
  const { code, document } = await verify(...known);
  expect(code).toBe(0);
  const codes = ['ASSET_DROPPED', 'MONTHS_SKIPPED'];
  expect(document.comparison).toMatchObject({
    noLess: false,
    earlier: { snapshot: 'october' },
    losses: codes.map((loss) => ({ code: loss })),
  });
  expect(await verify(...known, '--require', 'no-less')).toMatchObject({
    code: 1,
    document: { valid: true, code: 'LESS_THAN_BEFORE' },
  });
  expect(await verify('--require', 'no-less')).toMatchObject({ code: 2, document: { code: 'OPTIONS' } });
});

it('compare does so by two manifests', async () => {
  const same = await runJson(['compare', manifest(october), globalProof(november), '--require', 'no-less']);
  expect(same).toMatchObject({ code: 0, document: { noLess: true, losses: [] } });
  expect([codes(same.document.checked), codes(same.document.notChecked)]).toEqual([['CHAIN'], ['TOTALS']]);
  const args = ['compare', manifest(october), manifest(december)];
  const { code, stdout } = await runCli(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /! LESS than october \(2025-10-31T00:00:00Z\): \S+ is no longer shown \(ASSET_DROPPED\)/,
  );
  expect(stdout).toContain('there is no snapshot of 2025-11 (MONTHS_SKIPPED)');
  expect(await runJson([...args, '--require', 'no-less'])).toMatchObject({
    code: 1,
    document: { code: 'LESS_THAN_BEFORE', noLess: false },
  });
});

it('compare needs the earlier one first, both signed', async () => {
  expect(await runJson(['compare', manifest(december), manifest(october)])).toMatchObject({
    code: 2,
    document: { code: 'OPTIONS' },
  });
  // Turned round they would be refused just so: that is said.
  const same = await runCli(['compare', manifest(october), manifest(october)]);
  expect([same.code, same.stderr.includes('give two snapshots of different times')]).toEqual([2, true]);
  const forged = join(root, 'forged.json');
  writeFileSync(forged, readFileSync(manifest(december), 'utf8').replace('"december"', '"dezember"'));
  expect(await runJson(['compare', manifest(october), forged])).toMatchObject({
    code: 1,
    document: { code: 'SIGNATURE_INVALID', file: forged },
  });
});
