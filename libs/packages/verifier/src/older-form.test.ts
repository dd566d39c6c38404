import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nobleVerifier, SolventError } from '@solvent-por/kzg';
import { verifyGlobalProof } from './global-proof';
import { parseInclusion } from './inclusion';
import { layoutOf } from './layout';
import { parseHeader } from './header';
import { parseManifest } from './manifest';
import { parseProofLine } from './proof-line';

/**
 * Files of one snapshot as they were before account trees: made then, valid then. Their `protocol` is
 * today's.
 */
const file = (name: string) =>
  new Uint8Array(readFileSync(join(__dirname, '..', 'fixtures', 'older-form', name)));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const utf8 = (given: string) => new TextEncoder().encode(given);
const MANIFEST = text(file('manifest.json'));

const OLDER = /in an older form of the protocol, which is not read any more: ask the exchange for a new one/;

function refusal(parse: () => unknown): SolventError {
  try {
    parse();
  } catch (error) {
    if (error instanceof SolventError) return error;
  }
  throw new Error('not refused');
}

const parsers: [string, string, (bytes: Uint8Array) => unknown, () => Uint8Array][] = [
  ['a manifest', 'MANIFEST_MALFORMED', parseManifest, () => utf8(MANIFEST)],
  ['an inclusion proof', 'INCLUSION_MALFORMED', parseInclusion, () => file('inclusion.json')],
  [
    'a line of a global proof',
    'PROOF_MALFORMED',
    (bytes) => {
      const { header } = JSON.parse(MANIFEST) as { readonly header: unknown };
      return parseProofLine(bytes, layoutOf(parseHeader(header)));
    },
    () => utf8(text(file('global-proof.ndjson')).split('\n')[1]!),
  ],
];

describe.each(parsers)('%s in the older form', (name, code, parse, document) => {
  test('is malformed; it is said that it is older, and what to do', () => {
    const error = refusal(() => parse(document()));
    expect(error).toMatchObject({ code, kind: 'malformed' });
    expect(error.message).toMatch(OLDER);
    expect(error.message).toContain(`is ${name} `);
  });

  test('is not called changed where it was re-formatted', () => {
    const indented = utf8(JSON.stringify(JSON.parse(text(document())), null, 2));
    const error = refusal(() => parse(indented));
    expect(error).toMatchObject({ kind: 'malformed', message: expect.stringMatching(OLDER) });
    expect(error.message).not.toMatch(/was changed|normalise/);
  });

  test('is not called older where it has members of both forms, or a part of neither', () => {
    const json = JSON.parse(text(document())) as Record<string, unknown>;
    const both = { ...json, claimRoot: null, openings: [], accounts: [] };
    for (const value of [both, { ...json, commitments: 1, opening: undefined, accountRoot: undefined }]) {
      const sorted = Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
      const error = refusal(() => parse(utf8(JSON.stringify(sorted))));
      expect(error).toMatchObject({ code, kind: 'malformed', message: expect.not.stringMatching(OLDER) });
    }
  });
});

test('a global proof in the older form is malformed, whole and in pieces', async () => {
  async function* pieces() {
    yield* text(file('global-proof.ndjson'))
      .match(/[^]{1,1000}/g)!
      .map((piece) => utf8(piece));
  }
  await expect(verifyGlobalProof(pieces(), { kzg: nobleVerifier() })).rejects.toMatchObject({
    code: 'MANIFEST_MALFORMED',
    kind: 'malformed',
    message: expect.stringMatching(OLDER),
  });
});
