import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, runJson } from '../testing/run-cli';

const project = join(__dirname, '../../..');
const COMMANDS = [
  ['generate'],
  ['config', 'import'],
  ['ids'],
  ['check'],
  ['prove'],
  ['prove-user'],
  ['verify-global'],
  ['verify-user'],
  ['verify'],
  ['verify-reserves'],
  ['report'],
  ['verify-evidence'],
  ['check-balance'],
  ['reserves', 'statement'],
  ['reserves', 'import'],
  ['reserves', 'build'],
  ['reserves', 'request'],
  ['reserves', 'show'],
  ['reserves', 'watch'],
  ['claim', 'challenge'],
  ['claim', 'prove'],
  ['claim', 'verify'],
  ['ceremony', 'new'],
  ['ceremony', 'contribute'],
  ['ceremony', 'beacon'],
  ['ceremony', 'verify'],
  ['ceremony', 'export'],
  ['compare'],
  ['inspect'],
  ['normalise'],
  ['keys', 'new'],
  ['snapshot', 'request'],
  ['snapshot', 'status'],
  ['snapshot', 'list'],
  ['snapshot', 'seal'],
  ['fetch', 'claim'],
  ['fetch', 'inclusion'],
  ['fetch', 'global'],
  ['fetch', 'reserves'],
  ['api-key', 'new'],
  ['api-key', 'list'],
  ['api-key', 'revoke'],
  ['db', 'migrate'],
  ['db', 'retention'],
  ['db', 'rotate-key'],
  ['version'],
];

it('lists every command', async () => {
  const { code, stdout } = await runCli(['--help']);
  expect(code).toBe(0);
  for (const [command] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  expect(stdout).toContain('Exit codes');
  // As wide as a terminal that is not asked: what we add is wrapped, too.
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it.each(COMMANDS)('%s %s explains itself with an example', async (...command) => {
  const { code, stdout, stderr } = await runCli([...command.filter(Boolean), '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`Usage: solvent ${command.filter(Boolean).join(' ')}`);
  expect(stdout).toMatch(new RegExp(`Examples?:\n {2}\\$ solvent ${command.filter(Boolean).join(' ')}`));
  expect(stdout).toContain('--json');
});

it('gives help as a document too', async () => {
  const { document } = await runJson(['prove', '--help']);
  expect(document.text).toContain('Usage: solvent prove');
});

it('says which version it is and what it computes with', async () => {
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };
  const { document } = await runJson(['version']);
  expect(document).toMatchObject({
    version,
    node: process.versions.node,
    committer: expect.stringMatching(/^(?:c-kzg|wasm)/),
    setUp: expect.stringMatching(/^0x[0-9a-f]{64}$/),
  });
  expect((await runCli(['--version'])).stdout).toBe(`${version}\n`);
});
