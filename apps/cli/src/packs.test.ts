import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publish, type Published, type PublishedProof } from '../testing/published';
import { runCli, runJson, said, temporaryFolder } from '../testing/run-cli';

/**
 * Proofs that were made together: how many of how many are there; and the manifest without which a proof is
 * nothing.
 */

const root = temporaryFolder();
let published: Published;
let complete: string;
let [first, second]: PublishedProof[] = [];
let key: string;
let made = 0;

beforeAll(async () => {
  published = await publish(join(root, 'exchange'));
  complete = join(root, 'exchange', 'published');
  [first, second] = [...published.proofs.values()];
  key = [...published.proofs.keys()][0]!;
});

/** The published folder without the operator's own part. */
function copy(): string {
  const folder = join(root, `copy-${made++}`);
  mkdirSync(folder);
  for (const name of ['manifest.json', 'global-proof.ndjson', 'user_proofs'])
    cpSync(join(complete, name), join(folder, name), { recursive: true });
  return folder;
}
/** The input of a test vector. */
const vectorInput = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, '../../../test-vectors', name, 'input.json'), 'utf8')) as Record<
    'document' | 'manifest',
    string
  >;
const proofIn = (folder: string, { file }: PublishedProof) => join(folder, 'user_proofs', basename(file));
const verify = (folder: string) => runJson(['verify', folder, '--workers', '1']);

describe('verify DIR', () => {
  it('says how many of how many are there', async () => {
    const { code, stdout } = await runCli(['verify', copy(), '--workers', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok 2 of 2 inclusion proofs of .*index\.ndjson are there, as written/);
  });

  it('1 of 1 verified of a pack of 2 does not mislead: the missing one is named', async () => {
    const folder = copy();
    rmSync(proofIn(folder, second!));
    const { code, document } = await verify(folder);
    expect(code).toBe(1);
    const missing = [basename(second!.file)];
    expect(document.packs).toMatchObject([{ count: 2, present: 1, missing, changed: [], foreign: [] }]);
    const { stdout } = await runCli(['verify', folder, '--workers', '1']);
    expect(stdout).toContain('1 of 2 inclusion proofs of');
    expect(stdout).toContain(`missing: ${missing[0]}`);
  });

  it('one in the place of another, twice there, and not named by the index, is named as each', async () => {
    const folder = copy();
    copyFileSync(proofIn(folder, first!), proofIn(folder, second!));
    copyFileSync(proofIn(folder, first!), join(folder, 'user_proofs', 'copy.json'));
    const { code, document } = await verify(folder);
    expect(code).toBe(1);
    const changed = [basename(second!.file)];
    expect(document.packs).toMatchObject([{ present: 1, missing: [], changed, foreign: ['copy.json'] }]);
    expect((document.doubled as string[][])[0]).toHaveLength(3);
  });

  it('says that nobody can know where there is no index', async () => {
    const folder = copy();
    rmSync(join(folder, 'user_proofs', 'index.ndjson'));
    const { code, document } = await verify(folder);
    expect(code).toBe(0);
    expect(said(document.notChecked)).toContain('NOT checked whether inclusion proofs are missing');
  });

  it('an index that names one twice in place of another does not make a whole pack', async () => {
    const folder = copy();
    const index = join(folder, 'user_proofs', 'index.ndjson');
    const [head, line] = readFileSync(index, 'utf8').split('\n') as [string, string];
    writeFileSync(index, [head, line, line, ''].join('\n'));
    const { name } = JSON.parse(line) as { name: string };
    const { code, document } = await verify(folder);
    expect(code).toBe(1);
    expect(document.packs).toMatchObject([
      { count: 2, present: 1, doubled: [name], foreign: [expect.any(String)] },
    ]);
  });

  it('a folder in the place of a proof does not hide what is wrong with others', async () => {
    const folder = copy();
    rmSync(proofIn(folder, first!));
    rmSync(proofIn(folder, second!));
    mkdirSync(proofIn(folder, second!));
    const { code, document } = await verify(folder);
    expect(code).toBe(1);
    const [missing, changed] = [first!, second!].map(({ file }) => [basename(file)]);
    expect(document.packs).toMatchObject([{ count: 2, present: 0, missing, changed }]);
  });

  it('an index that is damaged is refused', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'user_proofs', 'index.ndjson'), '{}\n');
    expect(await verify(folder)).toMatchObject({ code: 2, document: { code: 'INDEX_MALFORMED' } });
  });
});

it('three proofs of one account with other openings, all right, are of one account', async () => {
  // Openings are not unique: nothing may be told apart by their bytes.
  const folder = join(root, 'blinded-otherwise');
  mkdirSync(folder);
  for (const name of ['openings-blinded-otherwise', 'openings-without-blinding', 'opening-64-infinity']) {
    const { document, manifest } = vectorInput(`inclusion/correct-${name}`);
    writeFileSync(join(folder, `${name}.json`), document);
    writeFileSync(join(folder, 'manifest.json'), manifest);
  }
  const { code, stdout } = await runCli([
    'verify-user',
    join(folder, 'openings-*.json'),
    join(folder, 'opening-64-infinity.json'),
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('3 of 3 files valid');
  const { document } = await verify(folder);
  expect((document.doubled as string[][]).map((files) => files.length)).toEqual([3]);
});

describe('the manifest of a proof', () => {
  it('is found beside it, and said', async () => {
    const file = proofIn(copy(), first!);
    const { code, stdout } = await runCli(['verify-user', file, '--key', key]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Manifest .*user_proofs\/manifest\.json, found beside the proof/);
    expect(stdout).not.toContain(key.slice(2));
  });

  it('is no proof where a shell expanded *.json to it too', async () => {
    const folder = join(copy(), 'user_proofs');
    const named = [first!, second!].map(({ file }) => join(folder, basename(file)));
    const { code, stdout } = await runCli(['verify-user', ...named, join(folder, 'manifest.json')]);
    expect(code).toBe(0);
    expect(stdout).toContain('2 of 2 files valid');
    const alone = await runJson(['verify-user', join(folder, 'manifest.json')]);
    expect(alone).toMatchObject({ code: 2, document: { files: [{ status: 'malformed' }] } });
  });

  it('is asked for where there is none', async () => {
    const folder = join(root, 'alone');
    mkdirSync(folder);
    copyFileSync(first!.file, join(folder, 'mine.json'));
    const { code, document } = await runJson(['verify-user', join(folder, 'mine.json')]);
    expect({ code, document }).toMatchObject({ code: 2, document: { code: 'OPTIONS' } });
    expect(document.message).toContain('--global');
  });
});

it('an id given as key is told so, by verify-user and prove-user', async () => {
  const user = await runJson(['verify-user', first!.file, '--key', first!.id]);
  expect(user).toMatchObject({ code: 1, document: { files: [{ code: 'INCLUSION_ID' }] } });
  expect((user.document.files as [{ reason: string }])[0].reason).toContain('give the key');
  const prove = ['prove-user', '--witness', join(complete, 'witness'), '--key', first!.id];
  const { code, stdout } = await runCli([...prove, '--output', join(root, 'none'), '--workers', '1']);
  expect(code).toBe(1);
  expect(stdout).toContain('what was given as key is an account id of this snapshot: give the account key');
});
