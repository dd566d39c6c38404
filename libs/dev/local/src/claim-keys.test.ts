import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasClaimKeys, installClaimKeys, makeClaimKeys } from './claim-keys';

const DIGEST = `0x${'ab'.repeat(32)}`;
let project: string;

/** A project whose command line does this. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'solvent-claim-keys-'));
  write('circuits/balance-claim.circom', 'circuit');
  for (const tool of ['circom2', 'circomlib', 'snarkjs']) write(`node_modules/${tool}/package.json`, '{}');
  commandLine(`
    const folder = process.argv[process.argv.indexOf('--output') + 1];
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(folder + '/${DIGEST}.json', process.argv.slice(2).join(' '));
    fs.writeFileSync(folder + '/0x01.zkey', 'zkey');`);
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, content: string): void {
  mkdirSync(join(project, name, '..'), { recursive: true });
  writeFileSync(join(project, name), content);
}

const commandLine = (does: string) => write('dist/cli/main.cjs', `const fs = require('node:fs');${does}`);
const cached = () => readdirSync(join(project, '.cache/claim-keys'));

test('keys are made once, and anew when the circuit changed', async () => {
  const first = await makeClaimKeys(project, 2);
  expect(first.wasThere).toBe(false);
  const folder = await first.folder;
  expect(readFileSync(join(folder, `${DIGEST}.json`), 'utf8')).toContain('export --development --values 2');
  commandLine('process.exit(1)');
  const second = await makeClaimKeys(project, 2);
  expect([second.wasThere, await second.folder]).toEqual([true, folder]);
  write('circuits/balance-claim.circom', 'another');
  await expect((await makeClaimKeys(project, 2)).folder).rejects.toThrow();
});

test('where they cannot be made, it says why and what to do, and leaves nothing half made', async () => {
  commandLine(`
    fs.mkdirSync(process.argv[process.argv.indexOf('--output') + 1], { recursive: true });
    console.error('install circom2'); process.exit(2)`);
  await expect((await makeClaimKeys(project, 2)).folder).rejects.toMatchObject({
    code: 'CLAIM_KEYS_FAILED',
    message: expect.stringMatching(/install circom2.*without --claims/) as string,
  });
  expect(cached()).toEqual([]);
});

test('told to end, it leaves no process and nothing half made', async () => {
  commandLine(`
    fs.mkdirSync(process.argv[process.argv.indexOf('--output') + 1], { recursive: true });
    setInterval(() => undefined, 1000)`);
  const making = await makeClaimKeys(project, 2);
  const refused = expect(making.folder).rejects.toMatchObject({ code: 'CLAIM_KEYS_FAILED' });
  await making.end();
  await refused;
  expect(cached()).toEqual([]);
});

test('an installation has copies of its own, beside those that it had', async () => {
  const made = await (await makeClaimKeys(project, 2)).folder;
  const data = join(project, 'data');
  expect(hasClaimKeys(data)).toBe(false);
  write('data/claim-keys/old.zkey', 'old');
  expect(await installClaimKeys(made, data)).toEqual({ folder: join(data, 'claim-keys'), digest: DIGEST });
  expect(readdirSync(join(data, 'claim-keys')).sort()).toEqual(
    ['0x01.zkey', `${DIGEST}.json`, 'old.zkey'].sort(),
  );
  expect(hasClaimKeys(data)).toBe(true);
  rmSync(join(made, `${DIGEST}.json`));
  await expect(installClaimKeys(made, data)).rejects.toMatchObject({ code: 'CLAIM_KEYS_FAILED' });
  expect(existsSync(join(data, 'claim-keys', `${DIGEST}.json`))).toBe(true);
});
