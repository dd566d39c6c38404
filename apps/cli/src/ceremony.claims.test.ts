import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeClaimFile, parseVerifyingKey } from '@solvent-por/claims';
import { developmentPowers, endSnarkjs } from '@solvent-por/claims/ceremony';
import { claimHeader, claimSnapshot } from '@solvent-por/dev/proofs';
import { canonicalJson } from '@solvent-por/verifier';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** A ceremony as its parties run it, on phase 1 made here: theirs is of 9 MB and more. */
const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const phaseOne = ['--values', '2', '--development'];
/** Two minutes of computing, which took seven beside other work: the limit of all tests may not do. */
const TIME_FOR_ALL_PARTIES = 1_200_000;

afterAll(endSnarkjs);

async function done(...args: string[]): Promise<Record<string, unknown>> {
  const { code, document } = await runJson(['ceremony', ...args]);
  expect([args[0], code, document]).toEqual([args[0], 0, document]);
  return document;
}

test(
  'a ceremony of two parties and a beacon, from its beginning to a claim with its keys',
  async () => {
    const begun = await done('new', ...phaseOne, '--output', file('0.zkey'));
    const ada = await done('contribute', file('0.zkey'), '--name', 'Ada', '--output', file('1.zkey'));
    const dice = ['--entropy', 'dice', '--output', file('2.zkey')];
    const bob = await done('contribute', file('1.zkey'), '--name', 'Bob', ...dice);
    const value = ['--value', `0x${'09'.repeat(32)}`, '--output', file('final.zkey')];
    const block = await done('beacon', file('2.zkey'), '--name', 'Block 1', ...value);

    const late = ['--name', 'Eve', '--output', file('4.zkey')];
    const { code, document: ended } = await runJson(['ceremony', 'contribute', file('final.zkey'), ...late]);
    expect([code, ended.code]).toEqual([2, 'CEREMONY_ENDED']);

    const verified = await done('verify', file('final.zkey'), ...phaseOne);
    expect(verified).toMatchObject({
      ...{ circuitHash: begun.circuitHash, setUp: 'development' },
      contributions: [
        { name: 'Ada', hash: ada.hash },
        { name: 'Bob', hash: bob.hash },
        { name: 'Block 1', hash: block.hash, beacon: { iterations: 10 } },
      ],
    });
    const to = ['--output', file('keys')];
    const exported = await runCli(['ceremony', 'export', file('final.zkey'), ...phaseOne, ...to]);
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    expect(exported.stdout).toContain('development set-up: do not rely on it');
    // Who verifies the proving key learns which verifying key is that of it.
    const digest = verified.verifyingKey as string;
    const key = join(file('keys'), `${digest}.json`);
    const verifyingKey = parseVerifyingKey(readFileSync(key));
    const { zkey, wasm } = verifyingKey.document.files;
    expect(readdirSync(file('keys')).sort()).toEqual(
      [`${digest}.json`, `${zkey}.zkey`, `${wasm}.wasm`].sort(),
    );

    const snapshot = claimSnapshot(claimHeader(), 7, [verifyingKey]);
    writeFileSync(file('manifest.json'), canonicalJson(snapshot.manifest));
    writeFileSync(file('mine.json'), encodeClaimFile(snapshot.claimFile(2)));
    const asked = [
      ...['--manifest', file('manifest.json'), '--verifying-key', key, '--asset', 'USD'],
      ...['--threshold', '1.5', '--partner', 'lender.example', '--purpose', 'loan'],
      ...['--challenge', `0x${'05'.repeat(31)}`],
    ];
    const claim = file('claim.json');
    const made = await runJson(['claim', 'prove', file('mine.json'), ...asked, '--output', claim]);
    expect([made.code, made.document]).toEqual([0, made.document]);
    // Whoever shows it first has answered the challenge.
    expect(statSync(claim).mode & 0o077).toBe(0);
    const taken = await runJson(['claim', 'verify', claim, ...asked, '--allow-development']);
    expect([taken.code, taken.document.developmentSetUp]).toEqual([0, true]);
    // However many contribute to phase 2: phase 1 was one of development.
    const refused = await runJson(['claim', 'verify', claim, ...asked]);
    expect([refused.code, refused.document.code]).toEqual([1, 'CLAIM_DEVELOPMENT']);
  },
  TIME_FOR_ALL_PARTIES,
);

test('a file of phase 1 that is no perpetual one is refused by what it holds, whatever its name', async () => {
  const powers = file('powersOfTau28_hez_final_13.ptau');
  writeFileSync(powers, await developmentPowers(4));
  const given = ['--values', '2', '--powers-of-tau', powers];
  for (const args of [
    ['new', ...given, '--output', file('x')],
    ['verify', file('x'), ...given],
    ['export', file('x'), ...given, '--output', file('y')],
  ]) {
    const { code, document } = await runJson(['ceremony', ...args]);
    expect([code, document.code]).toEqual([2, 'CEREMONY_POWERS']);
    expect(document.message).toMatch(/no file of the perpetual powers of tau/);
  }
  const missing = ['--values', '2', '--powers-of-tau', file('missing.ptau')];
  const { code, document } = await runJson(['ceremony', 'new', ...missing, '--output', file('x')]);
  expect([code, document.code]).toEqual([2, 'FILE_UNREADABLE']);
});

test('what is no proving key is refused as such', async () => {
  writeFileSync(file('no.zkey'), 'no key');
  const to = ['--name', 'Ada', '--output', file('x')];
  for (const args of [
    ['contribute', file('no.zkey'), ...to],
    ['beacon', file('no.zkey'), ...to, '--value', '0x09'],
  ]) {
    const { code, document } = await runJson(['ceremony', ...args]);
    expect([code, document.code]).toEqual([2, 'ZKEY_MALFORMED']);
  }
});
