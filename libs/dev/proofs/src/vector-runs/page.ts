import { encodePoints, hexBytes, toBytes, toHex, type KzgVerifier } from '@solvent-por/kzg';
import { cellBlinding, subcellBlinding } from '@solvent-por/prover';
import {
  accountId,
  accountKey,
  accountLeaf,
  batchDigest,
  climbAccounts,
  ColumnsDigest,
  headerDigest,
  layoutOf,
  parseHeader,
  sumsChallenge,
  sumWeights,
  Transcript,
} from '@solvent-por/verifier';
import type { AccountVectorInput } from '../account-vectors';
import type { BlindingVectorInput } from '../blinding-vectors';
import type { LayoutVectorInput } from '../layout-vectors';
import type { SumsVectorInput } from '../sums-vectors';
import type { TranscriptInput } from '../transcript-vectors';
import { unhex } from '../verify-file';

/** Single steps of the page, as its vectors describe them. */

export function runAccount(input: AccountVectorInput): object {
  const key = accountKey(unhex(input.operator), input.identifier);
  const id = accountId(unhex(input.headerDigest), key);
  const leaf = accountLeaf(id, unhex(input.salt), input.values.map(BigInt));
  const accounts = climbAccounts(leaf, input.accountPath.map(unhex), input.row);
  return { key: toHex(key), id: toHex(id), leaf: toHex(leaf), accounts: toHex(accounts) };
}

export function runBlinding({ openingSeed, gamma, cells, subcells }: BlindingVectorInput): object {
  const hex = (draw: typeof cellBlinding) => (c: number) =>
    toHex(toBytes(draw(unhex(openingSeed), BigInt(gamma), c)));
  return { s: cells.map(hex(cellBlinding)), u: subcells.map(hex(subcellBlinding)) };
}

export function runLayout({ header }: LayoutVectorInput): object {
  const layout = layoutOf(parseHeader(header));
  const { limbs, maxBatches, paired } = layout;
  return {
    limbs,
    maxBatches,
    bases: layout.bases.map((base) => base.limbs),
    paired,
    published: layout.published.map(({ form }) => form.terms.map(({ base }) => base)),
    relations: layout.relations.map(({ terms, constant }) => ({
      terms: terms.map(({ base, coefficient }) => [base, String(coefficient)]),
      constant: String(constant),
    })),
  };
}

export function runSums({ header: json, batches, totals }: SumsVectorInput, kzg: KzgVerifier): object {
  const header = parseHeader(json);
  const digest = headerDigest(header);
  const columns = new ColumnsDigest(digest);
  for (const { accounts, limbs } of batches) columns.push(batchDigest(unhex(accounts), limbs.map(unhex)));
  const columnsDigest = columns.digest();
  const gamma = sumsChallenge(digest, batches.length, columnsDigest, totals.map(BigInt));
  const weights = sumWeights(layoutOf(header), gamma);
  const sums = batches.map(({ limbs }) => kzg.multiScalar(kzg.decodePoints(limbs.map(unhex)), weights));
  return { columns: toHex(columnsDigest), gamma: toHex(toBytes(gamma)), sums: encodePoints(sums).map(toHex) };
}

export function runTranscript({ name, steps }: TranscriptInput): { readonly challenges: string[] } {
  const transcript = new Transcript(name);
  const challenges: string[] = [];
  for (const step of steps)
    if ('absorb' in step)
      transcript.absorb(step.absorb, ...step.data.map((hex) => hexBytes(hex, (hex.length - 2) / 2)));
    else challenges.push(toHex(toBytes(transcript.challenge(step.challenge))));
  return { challenges };
}
