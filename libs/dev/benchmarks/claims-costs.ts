import { parseClaim, parseVerifyingKey, poseidon, verifyClaim } from '@solvent-por/claims';
import { ClaimHasher, PoseidonKernel } from '@solvent-por/claims/tree';
import { concat, createKernels, hexBytes, utf8 } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import { BatchProver } from '@solvent-por/prover';
import { layoutOf, parseManifest, type Header } from '@solvent-por/verifier';
import {
  loadVectors,
  TEST_KEYS,
  testAccounts,
  testHeader,
  toBatches,
  type ClaimVectorInput,
} from '@solvent-por/dev/proofs';

/** Milliseconds of CPU time of this process that a call takes, the least of a few. */
function cpu(work: () => unknown, times = 3): number {
  const each = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...each);
}

/** A whole batch's claim tree beside proving that batch, k = 1, in the same process. */
async function besideProving(name: string, header: Header): Promise<Record<string, string>> {
  const accounts = testAccounts(header, 4080);
  const prover = new BatchProver(header, TEST_KEYS, createKernels(), await loadCommitter());
  const batches = toBatches(accounts);
  const { published } = layoutOf(header);
  const values = accounts.map(({ amounts }) =>
    published.map(({ inputs }) => inputs.reduce((sum, input) => sum + amounts[input]!, 0n)),
  );
  const rows = {
    ...{ count: 4080, width: published.length },
    ids: concat(...accounts.map(({ id }) => id)),
    claimKeys: concat(...accounts.map(({ key }) => key.slice(0, 31))),
    value: (row: number, v: number) => values[row]![v]!,
  };
  const hasher = new ClaimHasher();
  hasher.batchTree({ ...rows, count: 8 }, new Uint8Array(0));
  const tree = cpu(() => hasher.batchTree(rows, new Uint8Array(0)));
  const proof = cpu(() => prover.prove(0, batches), 2);
  return {
    [`${name}: claim tree of a batch`]: `${tree.toFixed(0)} ms`,
    [`${name}: proving it`]: `${proof.toFixed(0)} ms`,
    [`${name}: on top`]: `${((100 * tree) / proof).toFixed(0)} %`,
  };
}

/** What private claims cost, in CPU time of one core. */
export async function claimsCosts(): Promise<Readonly<Record<string, string>>> {
  const kernel = new PoseidonKernel();
  const hashes = Object.fromEntries(
    [2, 6, 16].map((inputs) => {
      kernel.prepare(inputs);
      const time = kernel.borrow(4096 * (inputs + 1), (address) => {
        kernel.write(address, new Uint8Array(32 * 4096 * inputs).fill(7));
        const target = address + 32 * 4096 * inputs;
        return cpu(() => kernel.hash(target, address, 32 * inputs, 4096, inputs), 5);
      });
      const list = Array.from({ length: inputs }, (_, i) => BigInt(i) ** 60n);
      const alone = cpu(() => Array.from({ length: 20 }, () => poseidon(list))) / 20;
      return [
        `Poseidon of ${inputs}`,
        `${((1000 * time) / 4096).toFixed(1)} µs in batch, ${(1000 * alone).toFixed(0)} µs alone`,
      ];
    }),
  );
  const { input } = loadVectors('claims').find(({ name }) => name === 'exactly-the-balance')!;
  const { manifest, key, claim, scope, challenge, value, threshold } = input as ClaimVectorInput;
  const trusted = {
    ...{ manifest: parseManifest(utf8(manifest)), verifyingKey: parseVerifyingKey(utf8(key)), value },
    ...{ scope: hexBytes(scope, 31), challenge: hexBytes(challenge, 31), threshold: BigInt(threshold) },
    allowDevelopment: true,
  };
  const verified = cpu(() => verifyClaim(parseClaim(utf8(claim)), trusted), 10);
  return {
    ...hashes,
    'verifying a claim': `${verified.toFixed(0)} ms`,
    ...(await besideProving('aggregate', testHeader('aggregate', 1, 2))),
    ...(await besideProving('spot, 10 assets', testHeader('spot', 10, 2))),
    ...(await besideProving('margin, 20 assets', testHeader('margin', 20, 2))),
  };
}
