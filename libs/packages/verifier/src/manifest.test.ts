import { hexBytes, nobleVerifier, toHex, utf8 } from '@solvent-por/kzg';
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  expectedOutcome,
  manifestBytes,
  manifestVectors,
  pinnedVectors,
  runVector,
  type ManifestVectorInput,
} from '@solvent-por/dev/proofs';
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical';
import { verifyManifestTrust } from './chain';
import {
  manifestDigest,
  MAX_MANIFEST_BYTES,
  parseManifest,
  parseUnsignedManifest,
  verifyManifestSignature,
} from './manifest';
import { clockText } from './taken-at';

type Input = ManifestVectorInput;

const vectors = pinnedVectors('manifest', manifestVectors());

test('there are vectors of every kind', () => {
  for (const kind of ['correct', 'incorrect', 'malformed'])
    expect(vectors.some((vector) => vector.kind === kind)).toBe(true);
});

describe('a snapshot taken in 2062 instead of 2026', () => {
  const correct = vectors.find(({ kind }) => kind === 'correct')!;
  const manifest = parseManifest(manifestBytes(correct.input as Input));
  const taken = Date.parse(manifest.header.takenAt);
  const day = 24 * 60 * 60 * 1000;
  const notes = (now?: Date) => {
    const verdict = verifyManifestTrust(manifest, now === undefined ? {} : { now });
    if (!verdict.valid) throw new Error(verdict.reason);
    return verdict.notChecked.filter(({ code }) => code === 'TAKEN_IN_FUTURE');
  };

  test('is noted, never refused: the clock may be the one that is wrong', () => {
    const now = new Date(taken - 13_149 * day);
    const [note, ...others] = notes(now);
    expect(note!.message).toContain(manifest.header.takenAt);
    expect(note!.message).toContain('13149 day(s)');
    expect(note!.message).toContain('NOT checked');
    expect(note!.compared).toEqual({ takenAt: manifest.header.takenAt, now: clockText(now) });
    expect(others).toEqual([]);
    expect(notes(new Date(taken - day - 1000))).toHaveLength(1);
  });

  test('is nothing to note up to a day ahead, afterwards, or where no clock was given', () => {
    for (const now of [new Date(taken - day), new Date(taken), new Date(taken + 1000 * day), undefined])
      expect(notes(now)).toEqual([]);
  });

  test('cannot be judged by a clock that tells no time', () => {
    expect(() => notes(new Date(NaN))).toThrow(
      expect.objectContaining({ code: 'TRUSTED_MALFORMED', kind: 'usage' }),
    );
  });
});

describe('vectors', () => {
  test.each(vectors.map((vector) => [`${vector.kind} ${vector.name}`, vector] as const))(
    '%s',
    async (_name, vector) => {
      expect(await runVector('manifest', vector, nobleVerifier())).toEqual(expectedOutcome(vector));
    },
  );
});

const genuine = vectors.find(({ kind, name }) => kind === 'correct' && name === 'margin')!
  .input as Required<Input>;

test.each(['key-of-small-order', 'key-with-torsion'])('%s: a laxer verifier accepts this forgery', (name) => {
  const { document } = vectors.find((vector) => vector.name === name)!.input as Required<Input>;
  const manifest = parseManifest(utf8(document));
  const [signature, key] = [hexBytes(manifest.signature, 64), hexBytes(manifest.header.operator, 32)];
  expect(ed25519.verify(signature, manifestDigest(manifest), key, { zip215: true })).toBe(true);
  expect(verifyManifestSignature(manifest)).toBe(false);
});

test('the digest is the labelled SHA-256 of the document without its signature', () => {
  const manifest = parseManifest(utf8(genuine.document));
  const unsigned = genuine.document.replace(/,"signature":"0x[0-9a-f]+"/, '');
  const digest = createHash('sha256').update(`solvent/v1/manifest${unsigned}`).digest('hex');
  expect(toHex(manifestDigest(manifest))).toBe(`0x${digest}`);
  expect(canonicalJson(manifest)).toBe(genuine.document);
});

test('the parsed manifest is frozen, lists included', () => {
  const manifest = parseManifest(utf8(genuine.document));
  const parts = [manifest, manifest.header, manifest.totals, manifest.claimKeys, manifest.header.assets];
  expect(parts.every(Object.isFrozen)).toBe(true);
});

test('any changed byte is refused', () => {
  const bytes = utf8(genuine.document);
  let decided = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const changed = Uint8Array.from(bytes);
    changed[i]! ^= 1;
    let accepted = true;
    try {
      accepted = verifyManifestSignature(parseManifest(changed));
      decided++;
    } catch (error) {
      expect(error).toMatchObject({ kind: 'malformed' });
      accepted = false;
    }
    expect(accepted).toBe(false);
  }
  expect(decided).toBeGreaterThan(100);
});

describe('at its bounds a manifest', () => {
  const document = JSON.parse(genuine.document) as Record<string, unknown>;
  const hex = (text: string) => `0x${text.padStart(64, '0')}`;
  const keys = (count: number) => Array.from({ length: count }, (_, i) => hex(i.toString(16)));
  const order = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
  const claims = (root: bigint, count: number) => ({
    claimRoot: hex(root.toString(16)),
    claimKeys: keys(count),
  });
  const totals = (most: bigint) => (document['totals'] as unknown[]).map(() => most.toString());

  test.each<[string, object]>([
    ['one batch', { batchCount: 1 }],
    ['65,536 batches', { batchCount: 65_536 }],
    ['totals of 0', { totals: totals(0n) }],
    ['totals of 2^96 − 1', { totals: totals(2n ** 96n - 1n) }],
    ['a claim tree and one key', claims(0n, 1)],
    ['the largest claim root and eight keys', claims(order - 1n, 8)],
    ['no claim tree', { claimRoot: null, claimKeys: null }],
  ])('is read: %s', (_what, members) => {
    expect(parseManifest({ ...document, ...members })).toEqual({ ...document, ...members });
  });

  test.each<[string, object, string]>([
    ['no batch', { batchCount: 0 }, 'batchCount'],
    ['65,537 batches', { batchCount: 65_537 }, 'batchCount'],
    ['totals of 2^96', { totals: totals(2n ** 96n) }, 'totals[0]'],
    ['a claim root at the order', claims(order, 1), 'claimRoot'],
    ['a short claim root', { ...claims(1n, 1), claimRoot: '0x01' }, 'claimRoot'],
    ['a short claim key', { ...claims(1n, 1), claimKeys: ['0x01'] }, 'claimKeys[0]'],
    ['no claim keys beside a root', claims(1n, 0), 'claimKeys'],
    ['nine claim keys', claims(1n, 9), 'claimKeys'],
    ['a claim root alone', { ...claims(1n, 1), claimKeys: null }, 'claimKeys'],
    ['claim keys alone', { ...claims(1n, 1), claimRoot: null }, 'claimKeys'],
  ])('is refused: %s', (_what, members, member) => {
    expect(() => parseManifest({ ...document, ...members })).toThrow(
      expect.objectContaining({ code: 'MANIFEST_MALFORMED', kind: 'malformed', details: { member } }),
    );
  });
});

test('a manifest that is yet to be signed is read without its signature, and frozen', () => {
  const { signature, ...unsigned } = JSON.parse(genuine.document) as Record<string, unknown>;
  expect(parseUnsignedManifest(unsigned)).toEqual(unsigned);
  expect(Object.isFrozen(parseUnsignedManifest(unsigned))).toBe(true);
  for (const value of [{ ...unsigned, signature }, 5])
    expect(() => parseUnsignedManifest(value)).toThrow(
      expect.objectContaining({ code: 'MANIFEST_MALFORMED', details: { member: 'manifest' } }),
    );
});

test('a longer manifest than 262,144 bytes is refused before it is read', () => {
  expect(MAX_MANIFEST_BYTES).toBe(262_144);
  const padded = (length: number) => utf8('"'.padEnd(length - 1, 'x') + '"');
  const malformed = expect.objectContaining({ code: 'MANIFEST_MALFORMED', details: { member: 'manifest' } });
  expect(() => parseManifest(padded(262_144))).toThrow(malformed);
  expect(() => parseManifest(padded(262_145))).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_TOO_LARGE' }),
  );
});
