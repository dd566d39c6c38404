/** The whole verifier in one module, with the arithmetic it needs: what a page loads. */
export * from './index';
export { nobleVerifier } from '@solvent-por/kzg';
