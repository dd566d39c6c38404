import { BEACON_ITERATIONS, MAX_CONTRIBUTIONS } from '@solvent-por/claims';
import { fromBytes, SolventError } from '@solvent-por/kzg';
import type { ZkeyHistory } from './zkey-file';

/** δ before anybody contributed is the generator of G1, (1, 2). */
const GENERATOR_X = 1n;

/**
 * Refuses to add to a key to which nothing may be added: its verifying key would be refused, once all have
 * contributed.
 * @throws SolventError CEREMONY_ENDED, CEREMONY_FULL (kind usage)
 */
export function refuseEnded({ contributions }: ZkeyHistory, what: 'contribution' | 'beacon'): void {
  if (contributions.some(({ beacon }) => beacon !== undefined))
    throw new SolventError(
      'CEREMONY_ENDED',
      'usage',
      'a beacon has ended this ceremony: take the key that the last party handed on, from before it',
    );
  // The last place is the beacon's.
  const most = what === 'beacon' ? MAX_CONTRIBUTIONS : MAX_CONTRIBUTIONS - 1;
  if (contributions.length >= most)
    throw new SolventError(
      'CEREMONY_FULL',
      'usage',
      `the key has ${contributions.length} contributions, and no more can be listed: end the ceremony with \`solvent ceremony beacon\``,
    );
}

/**
 * Refuses what snarkjs verifies: contributions that leave δ, or bring it back, as it was or as its negative,
 * whose secret everybody knows; a beacon that others follow; and a beacon that it would hash for ever.
 * @throws SolventError CEREMONY_INVALID (kind invalid)
 */
export function refuseIdle({ contributions, deltas }: ZkeyHistory): void {
  const fail = (index: number, problem: string): never => {
    throw new SolventError(
      'CEREMONY_INVALID',
      'invalid',
      `contribution ${index + 1} of the proving key ${problem}: do not use it`,
    );
  };
  if (contributions.length > MAX_CONTRIBUTIONS)
    fail(MAX_CONTRIBUTIONS, `is one more than the ${MAX_CONTRIBUTIONS} that can be listed`);
  const seen = new Set([GENERATOR_X]);
  contributions.forEach(({ beacon }, i) => {
    // A point and its negative have one x.
    const x = fromBytes(deltas[i]!.subarray(0, 32));
    if (seen.has(x)) fail(i, 'changes nothing: what it makes was there before');
    seen.add(x);
    if (beacon === undefined) return;
    if (i < contributions.length - 1) fail(i, 'is a beacon that does not end the ceremony');
    const { least, most } = BEACON_ITERATIONS;
    if (beacon.iterations < least || beacon.iterations > most)
      fail(i, `is a beacon of 2^${beacon.iterations} hashes, not 2^${least} to 2^${most}`);
  });
}
