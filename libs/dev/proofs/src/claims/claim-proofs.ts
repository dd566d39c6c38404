import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  claimScope,
  encodeClaim,
  parseClaim,
  parseVerifyingKey,
  type Claim,
  type VerifyingKey,
} from '@solvent-por/claims';
import { endSnarkjs, proveClaim, type ClaimRequest } from '@solvent-por/claims/prove';
import { claimHeader, claimSnapshot, type ClaimSnapshot } from './claim-snapshot';

/** Proofs differ each time they are made: those that vectors are built from lie here. */
const MADE = join(__dirname, 'made-claims.json');

/** Scope and challenge of every vector's partner. */
export const PARTNER = {
  scope: claimScope('lender.example', 'loan 2026-12'),
  challenge: Uint8Array.from({ length: 31 }, (_, i) => 7 * i + 1),
};

/** What is claimed, of which account. */
const REQUESTS: Readonly<
  Record<string, readonly [account: number, request: (values: readonly bigint[]) => ClaimRequest]>
> = {
  exactly: [4, ([equity]) => ({ ...PARTNER, value: 0, threshold: equity! })],
  nothing: [0, () => ({ ...PARTNER, value: 0, threshold: 0n })],
  debt: [6, () => ({ ...PARTNER, value: 1, threshold: 1n })],
  'another-scope': [
    4,
    () => ({ ...PARTNER, scope: claimScope('lender.example', 'other'), value: 0, threshold: 5n }),
  ],
  'another-challenge': [4, () => ({ ...PARTNER, challenge: new Uint8Array(31), value: 0, threshold: 5n })],
  'another-account': [5, () => ({ ...PARTNER, value: 0, threshold: 5n })],
};

/** The snapshot of all vectors, the key that its manifest names, and claims about it by name. */
export interface MadeClaims {
  readonly snapshot: ClaimSnapshot;
  readonly verifyingKey: VerifyingKey;
  /** The bytes of its document. */
  readonly key: Uint8Array;
  claim(name: string): Claim;
}

/** Reads what was made. @throws Error where `makeClaims` was not run yet */
export function madeClaims(): MadeClaims {
  if (!existsSync(MADE)) throw new Error('run the tests *.claims.test.ts with UPDATE_VECTORS=1 first');
  const { key, claims } = JSON.parse(readFileSync(MADE, 'utf8')) as {
    readonly key: object;
    readonly claims: Readonly<Record<string, object>>;
  };
  const document = new TextEncoder().encode(JSON.stringify(key));
  const verifyingKey = parseVerifyingKey(document);
  return {
    ...{ verifyingKey, key: document },
    snapshot: claimSnapshot(claimHeader(), 7, [verifyingKey]),
    claim: (name) => parseClaim(new TextEncoder().encode(JSON.stringify(claims[name]))),
  };
}

/** Makes them anew, with the development set-up for two values. */
export async function makeClaims(keys: {
  readonly zkey: Uint8Array;
  readonly wasm: Uint8Array;
  readonly verifyingKey: VerifyingKey;
  readonly document: Uint8Array;
}): Promise<void> {
  const snapshot = claimSnapshot(claimHeader(), 7, [keys.verifyingKey]);
  const json = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as object;
  const claims: Record<string, object> = {};
  for (const [name, [account, requestOf]] of Object.entries(REQUESTS)) {
    const file = snapshot.claimFile(account);
    const claim = await proveClaim(file, requestOf(file.values), { manifest: snapshot.manifest, ...keys });
    claims[name] = json(encodeClaim(claim));
  }
  await endSnarkjs();
  writeFileSync(MADE, `${JSON.stringify({ key: json(keys.document), claims }, null, 2)}\n`);
}
