import { claimScope, verifyClaim } from '@solvent-por/claims';
import { developmentKeys } from '@solvent-por/claims/ceremony';
import { endSnarkjs, proveClaim, type ClaimRequest } from '@solvent-por/claims/prove';
import { claimSnapshot, testHeader } from '@solvent-por/dev/proofs';
import { cpuSeconds, since } from './timing';

const TIMES = 3;

/** A claim about one of an account's two values: what its owner and the partner wait for, in Node. */
export async function claim(): Promise<Record<string, unknown>> {
  try {
    const keysAt = [performance.now(), process.cpuUsage()] as const;
    const keys = await developmentKeys(2);
    const setUp = { seconds: since(keysAt[0]), cpuSeconds: cpuSince(keysAt[1]) };
    const snapshot = claimSnapshot(testHeader('aggregate', 1), 4, [keys.verifyingKey]);
    const { manifest } = snapshot;
    const file = snapshot.claimFile(3);
    const request: ClaimRequest = {
      ...{ value: 1, threshold: file.values[1]! },
      scope: claimScope('lender.example', 'loan'),
      challenge: new Uint8Array(31).fill(5),
    };
    const proved = [];
    for (let i = 0; i < TIMES; i++) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      const made = await proveClaim(file, request, { manifest, ...keys });
      proved.push({ made, seconds: since(start), cpuSeconds: cpuSince(before) });
    }
    const [{ made }] = proved as [(typeof proved)[number]];
    const trusted = { manifest, verifyingKey: keys.verifyingKey, ...request, allowDevelopment: true };
    const verifying = Array.from({ length: 10 }, () => cpuSeconds(() => verifyClaim(made, trusted)));
    const least = (values: readonly number[]) => Math.min(...values);
    return {
      values: 2,
      setUp,
      provingSeconds: least(proved.map(({ seconds }) => seconds)),
      provingCpuSeconds: least(proved.map(({ cpuSeconds }) => cpuSeconds)),
      verifyingMilliseconds: 1000 * least(verifying),
      zkeyBytes: keys.zkey.length,
      wasmBytes: keys.wasm.length,
    };
  } finally {
    await endSnarkjs();
  }
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
