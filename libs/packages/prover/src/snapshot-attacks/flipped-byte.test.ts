import { nativeVerifier } from '@solvent-por/kzg/native';
import fc from 'fast-check';
import {
  parseInclusion,
  parseManifest,
  verifyInclusion,
  verifyManifestTrust,
  type Verdict,
} from '@solvent-por/verifier';
import {
  inclusionFile,
  SnapshotBuilder,
  TEST_KEYS,
  testAccounts,
  testHeader,
  toBatches,
  verifyFile,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { operatorKeyOf } from '../sign';

/** Any one byte of any published file changed: refused, either as malformed or as false. */
const operator = operatorKeyOf(TEST_KEYS.signing);
let snapshot: SmallSnapshot;
let inclusion: Uint8Array;
let key: Uint8Array;

beforeAll(async () => {
  const header = testHeader('aggregate', 1, 2);
  const builder = await SnapshotBuilder.load(header);
  const accounts = testAccounts(header, 3);
  const lines = builder.proveAll(toBatches(accounts, 2));
  snapshot = builder.finalise(lines);
  const included = builder.include(snapshot, lines[0]!.stored[0]!, 1);
  [inclusion, key] = [inclusionFile(included), accounts[1]!.key];
});

/** Valid or not; malformed counts as refused, any other error does not. */
async function accepted(verify: () => Verdict | Promise<Verdict>): Promise<boolean> {
  try {
    return (await verify()).valid;
  } catch (error) {
    if ((error as { kind?: string }).kind === 'malformed') return false;
    throw error;
  }
}

const files = {
  'manifest.json': {
    bytes: () => snapshot.document,
    verify: (bytes: Uint8Array) => verifyManifestTrust(parseManifest(bytes), { operator }),
    runs: 100,
  },
  'an inclusion': {
    bytes: () => inclusion,
    verify: (bytes: Uint8Array) =>
      verifyInclusion(parseInclusion(bytes), { key, manifest: snapshot.manifest }, nativeVerifier()),
    runs: 100,
  },
  'global-proof.ndjson': { bytes: () => snapshot.file, verify: verifyFile, runs: 60 },
};

/**
 * Characters that may stand for each other without the form being broken: the change that is hardest to
 * notice.
 */
const CLASSES = [
  '0123456789',
  '0123456789abcdef',
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '{}[]":,',
  '\n',
];

describe.each(Object.entries(files))('%s', (_name, { bytes, verify, runs }) => {
  const altered = (at: number, byte: number) => {
    const copy = bytes().slice();
    copy[at] = byte;
    return copy;
  };

  test('is accepted as it is', async () => {
    expect(await accepted(() => verify(bytes()))).toBe(true);
  });

  test('any bits of any byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes().length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        expect(await accepted(() => verify(altered(at, bytes()[at]! ^ bits)))).toBe(false);
      }),
      { numRuns: runs },
    );
  });

  test('any byte for another of its class', async () => {
    const text = new TextDecoder('latin1').decode(bytes());
    const places = CLASSES.map((members) =>
      [...text].flatMap((character, at) =>
        members.includes(character) && members.length > 1 ? [{ at, members }] : [],
      ),
    ).filter((found) => found.length > 0);
    expect(places.length).toBeGreaterThanOrEqual(5);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(...places.map((found) => fc.constantFrom(...found))),
        fc.nat(40),
        async ({ at, members }, n) => {
          const others = [...members].filter((member) => member !== text[at]);
          const byte = others[n % others.length]!.charCodeAt(0);
          expect(await accepted(() => verify(altered(at, byte)))).toBe(false);
        },
      ),
      { numRuns: runs },
    );
  });

  test('every byte of the first and last 40', async () => {
    const { length } = bytes();
    for (let i = 0; i < 80; i++) {
      const at = i < 40 ? i : length - 80 + i;
      if (runs < 100 && i >= 40 && i < 70) continue; // the end of a proof file costs a whole verification a byte
      expect(await accepted(() => verify(altered(at, bytes()[at]! ^ 1)))).toBe(false);
    }
  });
});
