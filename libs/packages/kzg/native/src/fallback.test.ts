import { G1_BASE, encodePoints } from '@solvent-por/kzg';
import { loadCommitter, nativeVerifier } from './index';

// What an install without a compiler, on a platform without blst's prebuilt binary, looks like.
jest.mock('c-kzg', () => {
  throw new Error("Could not locate the bindings file. Tried:\n → /somebody's/path");
});
jest.mock('@chainsafe/blst', () => {
  throw new Error('Cannot find native binding');
});
describe('where the native libraries cannot be loaded', () => {
  it('our own kernel takes over, with a warning that says what to do', async () => {
    const warnings: string[] = [];
    const committer = await loadCommitter({ onWarning: (message) => warnings.push(message) });
    expect(committer.name).toBe('wasm');
    expect(warnings).toEqual([
      expect.stringMatching(/c-kzg could not be loaded .*compiler.*our own WebAssembly kernel takes over/),
    ]);
    expect((await loadCommitter()).name).toBe('wasm');
    expect(committer.cellProofs).toBeDefined();
  });

  it('a forced c-kzg is an error, without the paths of the instance', async () => {
    await expect(loadCommitter({ backend: 'c-kzg' })).rejects.toMatchObject({
      code: 'KZG_BACKEND_UNAVAILABLE',
      kind: 'usage',
      message: 'c-kzg could not be loaded: Could not locate the bindings file. Tried:',
    });
  });

  it('points are decoded and paired in pure JavaScript', () => {
    const verifier = nativeVerifier();
    const [point] = verifier.decodePoints(encodePoints([G1_BASE]));
    expect(point!.equals(G1_BASE)).toBe(true);
    expect(() => verifier.decodePoints([new Uint8Array(48)])).toThrow(
      expect.objectContaining({ code: 'POINT_MALFORMED' }),
    );
    expect(verifier.pairingHolds(point!, point!)).toBe(false);
  });
});
