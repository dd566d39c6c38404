import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish, type Published } from '../testing/published';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** Files of the protocol before account trees, which were valid then. */
const older = (name: string) => join(__dirname, '../../../libs/packages/verifier/fixtures/older-form', name);
const OLDER = expect.stringMatching(/in an older form of the protocol.*ask the exchange for a new one/);
const root = temporaryFolder();
let published: Published;
let manifest: string;

beforeAll(async () => {
  published = await publish(join(root, 'data'));
  manifest = join(root, 'manifest.json');
  writeFileSync(manifest, published.manifest);
});

test('verify-user: an older inclusion proof is malformed, beside a good one too', async () => {
  const [proof] = [...published.proofs.values()];
  const file = older('inclusion.json');
  for (const more of [[], [proof!.file]]) {
    const { code, document } = await runJson(['verify-user', file, ...more, '--global', manifest]);
    expect(code).toBe(2);
    expect(document.files).toMatchObject([
      { file, status: 'malformed', code: 'INCLUSION_MALFORMED', reason: OLDER },
      ...more.map(() => ({ status: 'valid' })),
    ]);
  }
});

test.each(['manifest.json', 'global-proof.ndjson'])('verify-user: with an older %s', async (name) => {
  const [proof] = [...published.proofs.values()];
  const { code, document } = await runJson(['verify-user', proof!.file, '--global', older(name)]);
  expect({ code, document }).toMatchObject({
    code: 2,
    document: { code: 'MANIFEST_MALFORMED', message: OLDER },
  });
});

test.each([
  ['verify-global', (name: string) => ['verify-global', older(name)]],
  ['verify-global --previous', () => ['verify-global', manifest, '--previous', older('manifest.json')]],
  ['compare', () => ['compare', older('manifest.json'), manifest]],
  ['inspect', () => ['inspect', older('manifest.json')]],
  ['normalise', () => ['normalise', older('manifest.json'), '--output', join(root, 'new.json')]],
])('%s of an older file says so', async (_name, args) => {
  const { code, document } = await runJson(args('global-proof.ndjson'));
  expect({ code, document }).toMatchObject({ code: 2, document: { kind: 'malformed', message: OLDER } });
});

test('verify of a folder with older files says so of each', async () => {
  const folder = join(root, 'older');
  mkdirSync(folder);
  for (const name of ['manifest.json', 'global-proof.ndjson', 'inclusion.json'])
    copyFileSync(older(name), join(folder, name));
  const { code, stdout, stderr } = await runCli(['verify', folder]);
  expect(code).toBe(2);
  expect(stdout + stderr).toMatch(/in an older form of the protocol/);
});
