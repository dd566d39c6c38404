import { readEvidence } from './evidence';

/** Files that somebody dropped, told apart by what they begin with; nothing of them is believed. */
export interface Dropped {
  readonly proof?: Uint8Array;
  readonly manifest?: Uint8Array;
  /** Streamed when it is wanted: it may be large. */
  readonly global?: Blob;
  /** What could not be told. */
  readonly unknown: readonly string[];
}

/**
 * What came now, with what came before it: a manifest may come after the proof that needs it, or the other way
 * round. Another proof is another question, and of what is none of ours nothing was brought along: neither is
 * answered with what an earlier file said.
 */
export function joined(before: Dropped | undefined, next: Dropped): Dropped {
  const ours = next.proof ?? next.manifest ?? next.global;
  if (!before || !ours || (next.proof && before.proof)) return next;
  return { ...before, ...next };
}

/** A file, as far as it is needed here. */
export type DroppedFile = Blob & { readonly name: string };

/** Longest inclusion proof and manifest (specification, section 11). */
const [LONGEST_PROOF_BYTES, LONGEST_MANIFEST_BYTES] = [65_536, 262_144];
/** Both as JSON strings, and what the user said. */
const LONGEST_EVIDENCE_BYTES = 1_000_000;

/** What a user or an auditor brought: a proof, a manifest, a global proof, in any order. */
export async function readDropped(files: readonly DroppedFile[]): Promise<Dropped> {
  const found: { -readonly [name in keyof Dropped]: Dropped[name] } = { unknown: [] };
  for (const file of files) {
    const head = new Uint8Array(await file.slice(0, LONGEST_EVIDENCE_BYTES).arrayBuffer());
    const handed = readEvidence(new TextDecoder().decode(head));
    if (handed) {
      Object.assign(found, handed);
      continue;
    }
    const kind = kindOf(head, file.size);
    if (kind === 'proof') found.proof = head.slice(0, LONGEST_PROOF_BYTES + 1);
    else if (kind === 'manifest') found.manifest = head.slice(0, LONGEST_MANIFEST_BYTES + 1);
    else if (kind === 'global') found.global = file;
    else found.unknown = [...found.unknown, file.name];
  }
  return found;
}

/**
 * By the members that only one of ours has. A document that is none in the end, re-formatted say, is still
 * taken for one: the verifier says what is wrong with it.
 */
function kindOf(head: Uint8Array, size: number): 'proof' | 'manifest' | 'global' | undefined {
  const text = new TextDecoder().decode(head);
  if (!/^[\ufeff\s]*\{/.test(text)) return undefined;
  const has = (name: string, within: string) => within.includes(`"${name}"`);
  const end = text.search(/\}\r?\n\{/);
  if (end > 0 && has('batchCount', text.slice(0, end))) return 'global';
  if (has('batchCount', text) && has('signature', text))
    return size > LONGEST_MANIFEST_BYTES ? 'global' : 'manifest';
  if (has('accountPath', text) || (has('salt', text) && has('row', text)))
    return size > LONGEST_PROOF_BYTES ? undefined : 'proof';
  return undefined;
}

/** The digest of the manifest that a proof names, to find it among those published. */
export function manifestNamedBy(proof: Uint8Array): string | undefined {
  try {
    const { manifest } = JSON.parse(new TextDecoder().decode(proof)) as { readonly manifest?: unknown };
    return typeof manifest === 'string' && /^0x[0-9a-f]{64}$/.test(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}
