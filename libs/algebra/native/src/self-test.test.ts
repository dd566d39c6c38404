import { loadCommitter } from './index';

// A library that answers, but over another set-up (or computes wrongly): it returns the generator for every blob.
jest.mock('kzg-wasm', () => ({
  loadKZG: () =>
    Promise.resolve({
      blobToKZGCommitment: () =>
        '0x97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
    }),
}));

test('a library that fails its self-test is refused', async () => {
  await expect(loadCommitter({ backend: 'kzg-wasm' })).rejects.toMatchObject({
    code: 'KZG_SELF_TEST_FAILED',
    kind: 'internal',
  });
});
