import { SolventError } from '@solvent-por/kzg';

/** Libraries that can do the curve's work, fastest first. */
export type KzgBackend = 'c-kzg' | 'wasm' | 'noble';

const BACKENDS: readonly KzgBackend[] = ['c-kzg', 'wasm', 'noble'];

/**
 * The backend forced by the environment variable SOLVENT_KZG, or undefined where it is unset or empty. `wasm`
 * is our own kernel.
 *
 * | value   | commitments       | decoding of points | pairing                                 |
 * |---------|-------------------|--------------------|-----------------------------------------|
 * | (unset) | c-kzg, else wasm  | blst, else noble   | c-kzg once its set-up is in, else noble |
 * | `c-kzg` | c-kzg, or an error | blst, else noble  | c-kzg once its set-up is in, else noble |
 * | `wasm`  | wasm              | blst, else noble   | noble                                   |
 * | `noble` | wasm              | noble              | noble                                   |
 *
 * @throws SolventError KZG_BACKEND_UNKNOWN (usage)
 */
export function forcedBackend(): KzgBackend | undefined {
  const value = process.env['SOLVENT_KZG'];
  if (value === undefined || value === '') return undefined;
  const backend = BACKENDS.find((name) => name === value);
  if (!backend)
    throw new SolventError(
      'KZG_BACKEND_UNKNOWN',
      'usage',
      `SOLVENT_KZG must be one of ${BACKENDS.join(', ')}`,
    );
  return backend;
}
