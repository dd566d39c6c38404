import { createDecipheriv, createHash } from 'node:crypto';
import { SolventError, toHex, utf8, type KzgVerifier } from '@solvent-por/kzg';
import {
  parseInclusion,
  parseManifest,
  verifyEd25519,
  verifyInclusion,
  type SealedSource,
} from '@solvent-por/verifier';
import { unhex } from './verify-file';

/** What a reader found, in the words of the page; the inclusion document where there is one. */
export interface SecondVerdict {
  readonly outcome: 'included' | 'damaged' | 'absent' | 'invalid';
  readonly document?: string;
}

const sha = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  parts.forEach((part) => hash.update(part));
  return hash.digest();
};
const HEX = (bytes: number) => new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`);

/**
 * Section 15 read once more, from the page alone: shares no code with the verifier's reader but section 9's
 * verification, manifests and Ed25519.
 * @throws SolventError SECOND_READER (malformed): index.json is not of its form
 */
export async function readSealedAgain(
  source: SealedSource,
  given: { readonly manifest: string; readonly key: Uint8Array },
  kzg: KzgVerifier,
): Promise<SecondVerdict> {
  const { key } = given;
  const manifest = parseManifest(utf8(given.manifest));
  const { header, batchCount } = manifest;
  const json = JSON.parse(given.manifest) as Record<string, unknown>;
  const { signature: _, ...unsignedManifest } = json;
  const sorted = (value: object) =>
    JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
  const digest = sha('solvent/v1/manifest', sorted(unsignedManifest));
  const end = (outcome: SecondVerdict['outcome']): SecondVerdict => ({ outcome });

  const text = await source('index.json', 1024);
  if (!text) return end('damaged');
  const index = parsed(text);
  const { signature, ...unsigned } = index;
  const forms: [string, unknown][] = [
    ['bits', Number.isSafeInteger(index.bits) && Number(index.bits) >= 0],
    ['entries', Number.isSafeInteger(index.entries) && Number(index.entries) >= 0],
    ['manifest', HEX(32).test(String(index.manifest))],
    ['protocol', index.protocol === 'solvent/v1'],
    ['shards', HEX(32).test(String(index.shards))],
    ['signature', HEX(64).test(String(signature))],
    ['tree', HEX(32).test(String(index.tree))],
  ];
  if (
    text.length > 1024 ||
    Array.isArray(index) ||
    sorted(index) !== Buffer.from(text).toString() ||
    Object.keys(index).sort().join() !== forms.map(([name]) => name).join() ||
    !forms.every(([, good]) => good)
  )
    throw new SolventError('SECOND_READER', 'malformed', 'index.json is not of its form');
  const { bits, entries } = index as { bits: number; entries: number };
  let rule = 0;
  while (rule < 16 && 4080 * batchCount > 512 * 2 ** rule) rule++;
  const root = Math.ceil((4080 * batchCount) / 2 ** bits + 7 * Math.sqrt((4080 * batchCount) / 2 ** bits));
  if (
    index.manifest !== toHex(digest) ||
    (bits !== rule && bits !== rule - 1) ||
    entries !== root ||
    !verifyEd25519(
      unhex(String(signature)),
      sha('solvent/v1/sealed-index', sorted(unsigned)),
      unhex(header.operator),
    )
  )
    return end('invalid');

  const sizes = [batchCount];
  while (sizes.at(-1)! > 2) sizes.push(Math.ceil(sizes.at(-1)! / 2));
  const tree = await source('tree.bin', 80 * sizes.reduce((a, b) => a + b));
  if (tree?.length !== 80 * sizes.reduce((a, b) => a + b) || toHex(sha(tree)) !== index.tree)
    return end('damaged');

  const number = sha('solvent/v1/sealed-shard', unhex(header.operator), key).readUInt16BE() >> (16 - bits);
  const each = 598 + 9 * manifest.totals.length;
  const name = `shards/${number.toString(16).padStart(4, '0')}.bin`;
  const shard = await source(name, each * entries + 32 * bits);
  if (shard?.length !== each * entries + 32 * bits) return end('damaged');
  const list = Array.from({ length: entries }, (_x, i) =>
    Buffer.from(shard.subarray(each * i, each * (i + 1))),
  );
  let hash = sha(Uint8Array.of(7), digest, Uint8Array.of(0, 0, number >> 8, number & 255), ...list);
  for (let j = 0; j < bits; j++) {
    const sibling = shard.subarray(each * entries + 32 * j, each * entries + 32 * (j + 1));
    hash =
      (number >> j) % 2 === 1 ? sha(Uint8Array.of(4), sibling, hash) : sha(Uint8Array.of(4), hash, sibling);
  }
  const tags = list.map((entry) => entry.toString('hex', 0, 16));
  if (toHex(hash) !== index.shards || tags.some((tag, i) => i > 0 && tag <= tags[i - 1]!))
    return end('damaged');

  const id = sha('solvent/v1/id', sha(JSON.stringify(json.header)), key);
  const tag = sha('solvent/v1/sealed-tag', digest, id).subarray(0, 16);
  const mine = list.find((entry) => entry.subarray(0, 16).equals(tag));
  if (!mine) return end('absent');
  const cipher = createDecipheriv(
    'chacha20-poly1305',
    sha('solvent/v1/sealed-key', digest, id),
    Buffer.alloc(12),
    { authTagLength: 16 },
  );
  cipher.setAAD(tag, { plaintextLength: each - 32 });
  cipher.setAuthTag(mine.subarray(each - 16));
  const plain = cipher.update(mine.subarray(16, each - 16));
  try {
    cipher.final();
  } catch {
    return end('damaged');
  }

  const batch = plain.readUInt32BE(0);
  if (batch >= batchCount) return end('invalid');
  let at = 6;
  const take = (length: number) => toHex(plain.subarray(at, (at += length)));
  const many = (count: number, length: number) => Array.from({ length: count }, () => take(length));
  const [salt] = [take(32)];
  const values = many(manifest.totals.length, 9).map((value) => BigInt(value).toString());
  const [accountPath, openings] = [many(12, 32), many(3, 48)];
  const node = (i: number) => ({
    hash: toHex(tree.subarray(80 * i, 80 * i + 32)),
    sum: toHex(tree.subarray(80 * i + 32, 80 * i + 80)),
  });
  const path = sizes.flatMap((size, level) => {
    const sibling = (batch >> level) ^ 1;
    const before = sizes.slice(0, level).reduce((a, b) => a + b, 0);
    return sibling < size ? [node(before + sibling)] : [];
  });
  const document = sorted({
    protocol: 'solvent/v1',
    manifest: toHex(digest),
    batch,
    row: plain.readUInt16BE(4),
    id: toHex(id),
    salt,
    values,
    accountPath,
    sum: node(batch).sum,
    openings,
    path,
  });
  try {
    if (!verifyInclusion(parseInclusion(utf8(document)), { manifest, key }, kzg).valid) return end('invalid');
  } catch {
    return end('invalid');
  }
  return { outcome: 'included', document };
}

function parsed(text: Uint8Array): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(text).toString()) as Record<string, unknown>;
  } catch {
    throw new SolventError('SECOND_READER', 'malformed', 'index.json is no JSON');
  }
}
