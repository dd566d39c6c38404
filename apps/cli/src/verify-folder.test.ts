import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MAX_LEVELS, proofName, proofPath } from '@solvent/proof/prove';
import { testKey } from '@solvent/testing';
import { listFolder, USER_PROOFS } from './verify-folder';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'solvent-verify-folder-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('all that prove-user may write is judged by its name, however deep it lies and whatever is in it', async () => {
  const names = Array.from({ length: MAX_LEVELS + 1 }, (_, levels) =>
    proofPath(proofName(testKey(`account-${levels}`)), levels),
  );
  const texts = ['', '{"cut":', '[]', '{"somebody":"else"}'];
  const proofs = names.map((name, i) => write(join(USER_PROOFS, name), texts[i]!));
  const cut = write('alice.json', '{"values":[');
  const note = write(join(USER_PROOFS, 'note.json'), '{"somebody":"else"}');
  write(join(USER_PROOFS, 'notes', names[0]!), 'in a folder that prove-user does not make');
  const { inclusions, others, packs } = await listFolder(folder);
  expect([...inclusions].sort()).toEqual([cut, ...proofs].sort());
  expect(others).toEqual([{ file: note, what: 'JSON, but no document of ours' }]);
  expect(packs).toEqual([folder, join(folder, USER_PROOFS)]);
});
