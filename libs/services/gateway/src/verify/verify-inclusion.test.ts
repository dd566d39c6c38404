import { toHex, utf8 } from '@solvent/algebra';
import type { VerificationAnswer } from '@solvent/proof/prove';
import { InclusionVerifier, type VerifyOutcome } from './verify-inclusion';

const HEADER = {
  protocol: 'solvent/v1',
  operator: `0x${'11'.repeat(32)}`,
  snapshot: 'october',
  takenAt: '2026-10-31T00:00:00Z',
  mode: 'spot',
  assets: [{ symbol: 'BTC', scale: 8, limbs: 6 }],
};
const DIGEST = `0x${'ab'.repeat(32)}`;
const DOCUMENT = JSON.stringify({ header: HEADER, manifest: DIGEST, values: ['123'] });
const VALID: VerificationAnswer = { valid: true, notes: ['checked'], idChecked: true, manifestChecked: true };

function harness(verdict: VerificationAnswer) {
  const tasks: { document: string; id: string | undefined; manifest: string | undefined }[] = [];
  const outcomes: VerifyOutcome[] = [];
  const digests: string[] = [];
  const verifier = new InclusionVerifier({
    manifest: async (digest) => {
      digests.push(toHex(digest));
      return toHex(digest) === DIGEST ? utf8('the manifest') : undefined;
    },
    verify: async ({ document, id, manifest }) => {
      tasks.push({
        document: Buffer.from(document).toString(),
        id: id && toHex(id),
        manifest: manifest && Buffer.from(manifest).toString(),
      });
      return verdict;
    },
    onVerified: (_seconds, outcome) => outcomes.push(outcome),
  });
  return { verifier, tasks, outcomes, digests };
}

const ID = `0x${'22'.repeat(32)}`;

test('text goes to the worker byte for byte, with id and published manifest', async () => {
  const { verifier, tasks, outcomes } = harness(VALID);
  expect(await verifier.verify({ proof: DOCUMENT, accountId: ID.slice(2) })).toEqual({
    valid: true,
    code: null,
    reason: null,
    idChecked: true,
    manifestChecked: true,
    notes: ['checked'],
    snapshot: 'october',
    takenAt: '2026-10-31T00:00:00Z',
    values: [{ symbol: 'BTC', side: 'EQUITY', scale: 8, amount: '123', display: '0.00000123' }],
  });
  expect(tasks).toEqual([{ document: DOCUMENT, id: ID, manifest: 'the manifest' }]);
  expect(outcomes).toEqual(['valid']);
});

test('a JSON value becomes its canonical document', async () => {
  const { verifier, tasks } = harness(VALID);
  const { values, ...rest } = JSON.parse(DOCUMENT) as Record<string, unknown>;
  await verifier.verify({ proof: { values, ...rest } });
  expect(JSON.parse(tasks[0]!.document)).toEqual(JSON.parse(DOCUMENT));
  expect(tasks[0]!.document).toMatch(/^\{"header":\{"assets":/);
});

test('what was not checked is said', async () => {
  const { verifier, tasks } = harness({ ...VALID, idChecked: false, manifestChecked: false });
  const other = DOCUMENT.replaceAll('ab', 'cd');
  const answer = await verifier.verify({ proof: other });
  expect(answer).toMatchObject({ valid: true, idChecked: false, manifestChecked: false });
  expect(answer.notes).toEqual([
    'checked',
    expect.stringContaining('NOT checked whose account'),
    expect.stringContaining('NOT checked against a published manifest'),
  ]);
  expect(tasks[0]).toMatchObject({ id: undefined, manifest: undefined });
});

test('"checked" is what the worker computed, not what was asked for', async () => {
  const { verifier } = harness({ ...VALID, idChecked: false, manifestChecked: false });
  expect(await verifier.verify({ proof: DOCUMENT, accountId: ID })).toMatchObject({
    idChecked: false,
    manifestChecked: false,
  });
});

test('an id with blanks, quotes and 0X is the id', async () => {
  const { verifier, tasks } = harness(VALID);
  await verifier.verify({ proof: DOCUMENT, accountId: ` "0X${ID.slice(2)}"\n` });
  expect(tasks[0]).toMatchObject({ id: ID });
});

test('a false proof: why, and nothing of what it claims', async () => {
  const { verifier, outcomes } = harness({ valid: false, code: 'INCLUSION_OPENING', reason: 'wrong' });
  expect(await verifier.verify({ proof: DOCUMENT, accountId: ID })).toMatchObject({
    valid: false,
    code: 'INCLUSION_OPENING',
    reason: 'wrong',
    // "Checked" is said of what was found true, not of what was asked for.
    idChecked: false,
    manifestChecked: false,
    snapshot: null,
    values: null,
  });
  expect(outcomes).toEqual(['invalid']);
});

test('a malformed one: the code of the parser', async () => {
  const { verifier, outcomes } = harness({ malformed: 'row is missing', code: 'INCLUSION_MALFORMED' });
  await expect(verifier.verify({ proof: '{}' })).rejects.toMatchObject({
    code: 'INCLUSION_MALFORMED',
    kind: 'malformed',
  });
  expect(outcomes).toEqual(['malformed']);
});

test.each([
  ['no id', DOCUMENT, 'xyz', 'ID_MALFORMED'],
  ['an empty id', DOCUMENT, '', 'ID_MALFORMED'],
  ['null for an id, as of an empty variable', DOCUMENT, null, 'ID_MALFORMED'],
  ['undefined for an id', DOCUMENT, undefined, 'ID_MALFORMED'],
  ['a number', 5, ID, 'DOCUMENT_MALFORMED'],
  ['null', null, ID, 'DOCUMENT_MALFORMED'],
  ['half a surrogate pair', { a: '\ud800' }, ID, 'DOCUMENT_MALFORMED'],
  ['too long a text', 'x'.repeat(2 * 1024 * 1024 + 1), ID, 'DOCUMENT_TOO_LARGE'],
  ['too long in bytes', 'é'.repeat(1024 * 1024 + 1), ID, 'DOCUMENT_TOO_LARGE'],
])('refused before any worker: %s', async (_what, proof, accountId, code) => {
  const { verifier, tasks } = harness(VALID);
  const given = { proof, accountId } as { proof: unknown; accountId: string };
  await expect(verifier.verify(given)).rejects.toMatchObject({ code });
  expect(tasks).toEqual([]);
});

test('a document that names no manifest takes the same way', async () => {
  const { verifier, digests } = harness(VALID);
  await verifier.verify({ proof: DOCUMENT.replace('manifest', 'manifold') });
  expect(digests).toEqual([`0x${'00'.repeat(32)}`]);
});
