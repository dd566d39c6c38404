import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeClaims, testHeader } from '@solvent-por/dev/proofs';
import { toHex } from '@solvent-por/kzg';
import { claimKeysIn, refuseUnfitKeys } from './claim-keys';

const { key, verifyingKey } = madeClaims();
const digest = toHex(verifyingKey.digest);
const other = `0x${'ab'.repeat(32)}`;
const folder = mkdtempSync(join(tmpdir(), 'solvent-signer-keys-'));
beforeAll(() => {
  writeFileSync(join(folder, `${digest}.json`), key);
  // Under a name that is not its own.
  writeFileSync(join(folder, `${other}.json`), key);
});
afterAll(() => rmSync(folder, { recursive: true }));

const header = testHeader('aggregate');

async function judge(
  digests: readonly string[],
  allowDevelopment: boolean,
  from: string | undefined = folder,
) {
  const said: unknown[] = [];
  const log = { warn: (...line: unknown[]) => void said.push(line) };
  await refuseUnfitKeys(digests, header, { find: claimKeysIn(from), allowDevelopment }, log);
  return said;
}

test('a development key that only its digest named is refused, or said where it is allowed', async () => {
  await expect(judge([digest], false)).rejects.toMatchObject({
    ...{ code: 'CLAIM_KEY_DEVELOPMENT', kind: 'usage' },
    message: expect.stringContaining('SOLVENT_CLAIM_DEVELOPMENT') as string,
  });
  expect(await judge([digest], true)).toEqual([
    [{ snapshotId: header.snapshot, digest }, 'private claims: development set-up: do not rely on it'],
  ]);
});

test('what the folder does not have, has under another name, or is no folder, is unknown', async () => {
  for (const [digests, from] of [
    [[`0x${'cd'.repeat(32)}`], folder],
    [[other], folder],
    [[digest, other], folder],
    [[digest], join(folder, 'none')],
  ] as const)
    await expect(judge(digests, true, from)).rejects.toMatchObject({ code: 'CLAIM_KEY_UNKNOWN' });
  await expect(
    refuseUnfitKeys(
      [digest],
      header,
      { find: claimKeysIn(undefined), allowDevelopment: true },
      { warn: () => undefined },
    ),
  ).rejects.toMatchObject({
    code: 'CLAIM_KEY_UNKNOWN',
    message: expect.stringContaining('SOLVENT_CLAIM_KEYS') as string,
  });
});

test('a key for another number of values is refused', async () => {
  const keys = { find: claimKeysIn(folder), allowDevelopment: true };
  await expect(
    refuseUnfitKeys([digest], testHeader('spot', 3), keys, { warn: () => undefined }),
  ).rejects.toMatchObject({ code: 'CLAIM_KEY_OTHER_LAYOUT' });
});
