import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimFragment } from '@solvent-por/claims';
import { loadVectors, type ClaimVectorInput } from '@solvent-por/dev/proofs';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const folder = temporaryFolder();
const vector = loadVectors('claims').find(({ name }) => name === 'exactly-the-balance')!;
const { manifest, key, claim, scope, challenge } = vector.input as ClaimVectorInput;
const operator = (JSON.parse(manifest) as { header: { operator: string } }).header.operator;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  for (const [name, text] of Object.entries({
    'manifest.json': manifest,
    'key.json': key,
    'claim.json': claim,
  }))
    writeFileSync(file(name), text);
});

/** What was asked for in the vector: 244.36 USD. */
function verify(changes: Readonly<Record<string, string>> = {}, ...more: string[]): string[] {
  const options = {
    ...{ manifest: file('manifest.json'), 'verifying-key': file('key.json') },
    ...{ asset: 'USD', threshold: '244.36', challenge },
    ...('scope' in changes ? {} : { partner: 'lender.example', purpose: 'loan 2026-12' }),
    ...{ operator, ...changes },
  };
  const list = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return ['claim', 'verify', file('claim.json'), ...list, ...more];
}

test('a claim is verified, and what it does not say is said', async () => {
  const { code, document } = await runJson(verify({}, '--allow-development'));
  expect([code, document.valid, document.developmentSetUp]).toEqual([0, true, true]);
  expect(document.nullifier).toBe((JSON.parse(claim) as { nullifier: string }).nullifier);
  const text = await runCli(verify({ scope, threshold: '1' }, '--allow-development'));
  expect(text.stdout).toContain('development set-up: do not rely on it');
  expect(text.stdout).toContain('remember the nullifier');
  expect(text.stdout).toContain('at least 24436 smallest units of USD, equity');
});

test('a claim is taken from a link, whatever address it names; a damaged one is told from a false one', async () => {
  const link = `https://elsewhere.example/#${claimFragment(Buffer.from(claim))}`;
  const [, , , ...options] = verify({}, '--allow-development');
  const byLink = (shown: string) => runJson(['claim', 'verify', shown, ...options]);
  expect(await byLink(link)).toMatchObject({ code: 0, document: { valid: true } });
  const { code, document } = await byLink(link.slice(0, -1));
  expect([code, document.code]).toEqual([2, 'CLAIM_LINK_DAMAGED']);
});

test.each<[string, Record<string, string>, string[]]>([
  ['CLAIM_DEVELOPMENT', {}, []],
  ['CLAIM_THRESHOLD', { threshold: '244.37' }, ['--allow-development']],
  ['CLAIM_SCOPE', { purpose: 'another' }, ['--allow-development']],
  ['CLAIM_CHALLENGE', { challenge: `0x${'11'.repeat(31)}` }, ['--allow-development']],
  ['CLAIM_VALUE', { side: 'debt' }, ['--allow-development']],
  [
    'OPERATOR_UNEXPECTED',
    { operator: `0x${'d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'}` },
    ['--allow-development'],
  ],
])('%s: not what was asked for, exit code 1', async (wanted, changes, more) => {
  const { code, document } = await runJson(verify(changes, ...more));
  expect([code, document.code]).toEqual([1, wanted]);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['CLAIM_OPTIONS', { asset: 'BTC' }, /publishes no equity of BTC: it has USD equity, USD debt/],
  ['CLAIM_OPTIONS', { threshold: '244.365' }, /at most 2 decimals/],
  ['CLAIM_OPTIONS', { threshold: '-1' }, /amount such as 1\.5/],
  ['CLAIM_OPTIONS', { challenge: '0x00' }, /--challenge must be 31 bytes/],
  ['CLAIM_SCOPE_TEXT', { partner: '' }, /1 to 256 bytes/],
])('%s: what cannot be asked is refused, exit code 2', async (wanted, changes, message) => {
  const { code, document } = await runJson(verify(changes));
  expect([code, document.code]).toEqual([2, wanted]);
  expect(document.message).toMatch(message);
});

test('a challenge is 31 bytes, and another one each time', async () => {
  const [one, two] = [await runJson(['claim', 'challenge']), await runJson(['claim', 'challenge'])];
  expect(one.document.challenge).toMatch(/^0x[0-9a-f]{62}$/);
  expect(two.document.challenge).not.toBe(one.document.challenge);
});

test('where the GPL tools are not installed, making keys says what to install', async () => {
  const environment = { NODE_OPTIONS: `--require ${JSON.stringify(file('without-tools.cjs'))}` };
  writeFileSync(
    file('without-tools.cjs'),
    `const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => {
  if (/^(snarkjs|circom2|circomlib)/.test(name)) throw new Error('Cannot find module ' + name);
  return resolve(name, ...rest);
};
`,
  );
  const args = ['ceremony', 'export', '--development', '--values', '2', '--output', file('keys')];
  const { code, document } = await runJson(args, { environment });
  expect([code, document.code]).toEqual([2, 'CLAIM_TOOLS_MISSING']);
  expect(document.message).toMatch(/npm install snarkjs circom2 circomlib/);
});

test.each([
  [['ceremony', 'new', '--values', '2', '--output', 'x'], 'CEREMONY_POWERS'],
  [['ceremony', 'export', '--values', '2', '--output', 'x'], 'CEREMONY_KEY'],
  [['ceremony', 'new', '--values', '2', '--powers-of-tau', __filename, '--output', 'x'], 'CEREMONY_POWERS'],
])('%s is refused: %s', async (args, wanted) => {
  const { code, document } = await runJson(args);
  expect([code, document.code]).toEqual([2, wanted]);
});
