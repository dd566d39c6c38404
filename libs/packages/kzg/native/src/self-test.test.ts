import type * as cKzgModule from 'c-kzg';
import { loadCommitter } from './index';

// A library that answers, but over another set-up (or computes wrongly): it returns the generator for every
// blob.
const mockGenerator =
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb';
jest.mock('c-kzg', () => ({
  DEFAULT_TRUSTED_SETUP_PATH: jest.requireActual<typeof cKzgModule & { DEFAULT_TRUSTED_SETUP_PATH: string }>(
    'c-kzg',
  ).DEFAULT_TRUSTED_SETUP_PATH,
  loadTrustedSetup: () => undefined,
  blobToKzgCommitment: () => Buffer.from(mockGenerator, 'hex'),
}));

test('a library that fails its self-test is refused, and not worked around', async () => {
  const refused = { code: 'KZG_SELF_TEST_FAILED', kind: 'internal' };
  await expect(loadCommitter({ backend: 'c-kzg' })).rejects.toMatchObject(refused);
  await expect(loadCommitter({ eager: true })).rejects.toMatchObject(refused);
});
