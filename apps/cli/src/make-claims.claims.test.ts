import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeClaimFile, parseVerifyingKey } from '@solvent-por/claims';
import { claimHeader, claimSnapshot } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { testClaimKeys } from '../../../libs/dev/proofs/testing/claim-keys';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

test('with exported keys a claim is made and verified, and what must not be made is not', async () => {
  const { folder: keys, verifyingKey } = await testClaimKeys(2);
  const key = join(keys, `${toHex(verifyingKey.digest)}.json`);
  const snapshot = claimSnapshot(claimHeader(), 7, [parseVerifyingKey(readFileSync(key))]);
  writeFileSync(file('manifest.json'), canonicalJson(snapshot.manifest));
  writeFileSync(file('mine.json'), encodeClaimFile(snapshot.claimFile(2)));
  const { challenge } = (await runJson(['claim', 'challenge'])).document as { challenge?: string };
  const asked = (threshold: string) => [
    ...[
      '--manifest',
      file('manifest.json'),
      '--verifying-key',
      key,
      '--asset',
      'USD',
      '--threshold',
      threshold,
    ],
    ...['--partner', 'lender.example', '--purpose', 'loan', '--challenge', challenge!],
  ];
  const made = await runCli([
    'claim',
    'prove',
    file('mine.json'),
    ...asked('1.5'),
    '--output',
    file('claim.json'),
  ]);
  expect([made.code, made.stderr]).toEqual([0, '']);
  const verified = await runJson([
    'claim',
    'verify',
    file('claim.json'),
    ...asked('1.5'),
    '--allow-development',
  ]);
  expect([verified.code, verified.document.valid]).toEqual([0, true]);

  const more = await runJson([
    'claim',
    'prove',
    file('mine.json'),
    ...asked('100000'),
    '--output',
    file('more.json'),
  ]);
  expect([more.code, more.document.code]).toEqual([1, 'CLAIM_BELOW']);
  const other = claimSnapshot({ ...claimHeader(), snapshot: 'another' }, 7, [
    parseVerifyingKey(readFileSync(key)),
  ]);
  writeFileSync(file('foreign.json'), encodeClaimFile(other.claimFile(2)));
  const foreign = await runJson([
    'claim',
    'prove',
    file('foreign.json'),
    ...asked('1'),
    '--output',
    file('no.json'),
  ]);
  expect([foreign.code, foreign.document.code]).toEqual([1, 'CLAIM_FILE_FOREIGN']);
  expect(readdirSync(folder).sort()).toEqual(['claim.json', 'foreign.json', 'manifest.json', 'mine.json']);
});
