import { SolventError } from './errors';

/** () → v128: `i8x16.popcnt (i8x16.splat 0)`. */
const PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/**
 * Whether WebAssembly has SIMD here. Node.js and browsers of today all have it, but on a processor that
 * offers SSE 4.1: virtual machines of the models qemu64 and kvm64 say that theirs doesn't.
 */
export function hasSimd(): boolean {
  return WebAssembly.validate(PROBE);
}

/**
 * Compiles kernels of ours, all of which use SIMD.
 * @throws SolventError WASM_SIMD_MISSING (usage)
 */
export function compileKernels(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (hasSimd()) return new WebAssembly.Module(bytes);
  throw new SolventError(
    'WASM_SIMD_MISSING',
    'usage',
    'this processor offers no SSE 4.1, which proving needs; verifying does not. In a virtual machine choose another model of processor, such as host or x86-64-v2; else take another machine',
  );
}
