import { randomBytes } from 'node:crypto';
import { createKernels, createMultiScalar, fromBytes, G1_BASE, G1_ZERO, R } from '.';

// A processor without SSE 4.1 cannot be had here, so what WebAssembly says of it is replaced.
beforeEach(() => jest.spyOn(WebAssembly, 'validate').mockReturnValue(false));
afterEach(() => jest.restoreAllMocks());

test('without SIMD the verifier multiplies in JavaScript, with the same result', () => {
  const compiled = jest.spyOn(WebAssembly, 'Module');
  const scalars = Array.from({ length: 30 }, () => fromBytes(randomBytes(32)) % R);
  let last = G1_ZERO;
  const points = scalars.map(() => (last = last.add(G1_BASE)));
  const expected = scalars.reduce((sum, scalar, i) => (sum + scalar * BigInt(i + 1)) % R, 0n);
  const sum = createMultiScalar()(points, scalars);
  expect(sum.equals(createMultiScalar()([G1_BASE], [expected]))).toBe(true);
  expect(compiled).not.toHaveBeenCalled();
});

test('without SIMD whoever proves is told what is missing, and what to do', () => {
  expect(() => createKernels()).toThrow(
    expect.objectContaining({
      code: 'WASM_SIMD_MISSING',
      kind: 'usage',
      message: expect.stringContaining('choose another model of processor'),
    }),
  );
});
