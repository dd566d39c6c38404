import { toHex, utf8 } from '@solvent-por/kzg';
import type { VerificationAnswer } from '@solvent-por/prover';
import { accountId, finding, headerDigest, parseManifest, valid, type Findings } from '@solvent-por/verifier';
import { loadVectors } from '@solvent-por/dev/proofs';
import type { Caller } from '../access/caller';
import type { PublishedManifest } from '../snapshots/published-manifests';
import { InclusionVerifier, type VerifyOutcome } from './verify-inclusion';

const { input } = loadVectors('inclusion').find(({ name }) => name === 'spot-with-key')!;
const {
  document: DOCUMENT,
  key: KEY,
  manifest: MANIFEST,
} = input as Record<'document' | 'key' | 'manifest', string>;
const PARSED = JSON.parse(DOCUMENT) as { id: string; manifest: string; values: string[] };
const { header } = parseManifest(utf8(MANIFEST));
const OPERATOR = header.operator;
const CALLER: Caller = { role: 'ANONYMOUS', keyId: undefined, address: '10.0.0.1' };
const PUBLISHED: PublishedManifest = {
  manifest: parseManifest(utf8(MANIFEST)),
  document: MANIFEST,
  digest: PARSED.manifest,
  trust: valid(finding.operatorKey(OPERATOR, OPERATOR)),
};
const ID = PARSED.id;
const VALID: VerificationAnswer = {
  ...valid(finding.accountIncluded(PARSED.manifest), finding.accountKeyNotChecked({ id: ID })),
  keyChecked: false,
};
const codes = ({ checked, notChecked }: Findings) =>
  [checked, notChecked].map((list) => list.map(({ code }) => code));

function harness(verdict: VerificationAnswer, published = PUBLISHED) {
  const tasks: { document: string; manifest: string; others: string[] }[] = [];
  const outcomes: VerifyOutcome[] = [];
  const charged: number[] = [];
  const verifier = new InclusionVerifier({
    manifest: async (digest) => (toHex(digest) === published.digest ? published : undefined),
    charge: async (_caller, verifications) => void charged.push(verifications),
    verify: async (_caller, { document, manifest, ...others }) => {
      tasks.push({
        document: Buffer.from(document).toString(),
        manifest: Buffer.from(manifest).toString(),
        others: Object.keys(others),
      });
      return verdict;
    },
    onVerified: (_seconds, outcome) => outcomes.push(outcome),
  });
  return { verifier, tasks, outcomes, charged };
}

test('text goes to the worker byte for byte, with the published manifest and nothing else', async () => {
  const { verifier, tasks, outcomes } = harness(VALID);
  const answer = await verifier.verify(CALLER, { proof: DOCUMENT, accountId: ID.slice(2) });
  expect(answer).toMatchObject({
    valid: true,
    code: null,
    reason: null,
    idChecked: true,
    snapshot: header.snapshot,
    takenAt: header.takenAt,
    manifestDigest: PARSED.manifest,
  });
  expect(answer.values!.map(({ amount }) => amount)).toEqual(PARSED.values);
  expect(codes(answer)).toEqual([
    ['ACCOUNT_INCLUDED', 'PUBLISHED_MANIFEST', 'OPERATOR_KEY', 'ACCOUNT_ID'],
    ['TOTALS'],
  ]);
  expect(tasks).toEqual([{ document: DOCUMENT, manifest: MANIFEST, others: [] }]);
  expect(outcomes).toEqual(['valid']);
});

test('a JSON value becomes its canonical document', async () => {
  const { verifier, tasks } = harness(VALID);
  const { values, ...rest } = PARSED;
  await verifier.verify(CALLER, { proof: { values, ...rest } });
  expect(tasks[0]!.document).toBe(DOCUMENT);
});

test('what was not checked is said', async () => {
  const { verifier } = harness(VALID);
  const answer = await verifier.verify(CALLER, { proof: DOCUMENT });
  expect(answer).toMatchObject({ valid: true, idChecked: false });
  expect(codes(answer)).toEqual([
    ['ACCOUNT_INCLUDED', 'PUBLISHED_MANIFEST', 'OPERATOR_KEY'],
    ['ACCOUNT_ID', 'TOTALS'],
  ]);
  expect(answer.notChecked[0]!.message).toContain('NOT checked whose account');
});

test('an id with blanks, quotes and 0X is the id', async () => {
  const { verifier } = harness(VALID);
  const proof = { proof: DOCUMENT, accountId: ` "0X${ID.slice(2)}"\n` };
  expect(await verifier.verify(CALLER, proof)).toMatchObject({ valid: true, idChecked: true });
});

test('a proof of another account is not valid, and a key in place of the id is told not to be sent', async () => {
  const { verifier, outcomes } = harness(VALID);
  const refused = { valid: false, code: 'INCLUSION_ID', idChecked: false, values: null, snapshot: null };
  const ofOther = await verifier.verify(CALLER, { proof: DOCUMENT, accountId: `0x${'22'.repeat(32)}` });
  expect(ofOther).toMatchObject(refused);
  expect(ofOther.reason).toContain('another account');
  const ofKey = await verifier.verify(CALLER, { proof: DOCUMENT, accountId: KEY });
  expect(ofKey).toMatchObject(refused);
  expect(ofKey.reason).toContain('never send it');
  const derived = toHex(accountId(headerDigest(header), Buffer.from(KEY.slice(2), 'hex')));
  expect(await verifier.verify(CALLER, { proof: DOCUMENT, accountId: derived })).toMatchObject({
    valid: true,
  });
  expect(outcomes).toEqual(['invalid', 'invalid', 'valid']);
});

test('a false proof: why, and nothing of what it claims', async () => {
  const { verifier, outcomes } = harness({ valid: false, code: 'INCLUSION_OPENING', reason: 'wrong' });
  expect(await verifier.verify(CALLER, { proof: DOCUMENT, accountId: ID })).toMatchObject({
    valid: false,
    code: 'INCLUSION_OPENING',
    reason: 'wrong',
    // "Checked" is said of what was found true, not of what was asked for.
    idChecked: false,
    snapshot: null,
    values: null,
  });
  expect(outcomes).toEqual(['invalid']);
});

test('one of a manifest that was not published here is neither valid nor false: nothing can be said', async () => {
  const { verifier, tasks } = harness(VALID);
  const proof = DOCUMENT.replace(PARSED.manifest, `0x${'cd'.repeat(32)}`);
  await expect(verifier.verify(CALLER, { proof, accountId: ID })).rejects.toMatchObject({
    code: 'MANIFEST_UNKNOWN',
  });
  expect(tasks).toEqual([]);
});

test('one of a manifest of another operator is not valid, and why is said without a pairing', async () => {
  const trust = { valid: false, code: 'OPERATOR_UNEXPECTED', reason: 'signed by another' } as const;
  const { verifier, tasks } = harness(VALID, { ...PUBLISHED, trust });
  expect(await verifier.verify(CALLER, { proof: DOCUMENT, accountId: ID })).toMatchObject({
    valid: false,
    code: 'OPERATOR_UNEXPECTED',
    reason: 'signed by another',
    idChecked: false,
    manifestDigest: null,
    values: null,
  });
  expect(tasks).toEqual([]);
});

test('where no operator is configured, that the key was not checked is said', async () => {
  const { verifier } = harness(VALID, { ...PUBLISHED, trust: valid(finding.operatorKey(OPERATOR)) });
  const answer = await verifier.verify(CALLER, { proof: DOCUMENT, accountId: ID });
  expect(codes(answer)).toEqual([
    ['ACCOUNT_INCLUDED', 'PUBLISHED_MANIFEST', 'ACCOUNT_ID'],
    ['OPERATOR_KEY', 'TOTALS'],
  ]);
});

test('a long document counts as several', async () => {
  const { verifier, charged } = harness(VALID);
  await verifier.verify(CALLER, { proof: DOCUMENT });
  await verifier.verify(CALLER, { proof: 'x'.repeat(65_536) }).catch(() => undefined);
  expect(charged).toEqual([0, 3]);
});

test('a malformed one: the code of the parser, or of the worker', async () => {
  const { verifier, outcomes } = harness({ malformed: 'no point', code: 'POINT_MALFORMED' });
  const malformed = { kind: 'malformed' };
  await expect(verifier.verify(CALLER, { proof: '{}' })).rejects.toMatchObject({
    ...malformed,
    code: 'INCLUSION_MALFORMED',
  });
  await expect(verifier.verify(CALLER, { proof: DOCUMENT })).rejects.toMatchObject({
    ...malformed,
    code: 'POINT_MALFORMED',
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
  ['a value of megabytes', { values: Array(1_000_000).fill('1') }, ID, 'DOCUMENT_TOO_LARGE'],
  ['half a surrogate pair', { a: '\ud800' }, ID, 'DOCUMENT_MALFORMED'],
  ['too long a text', 'x'.repeat(65_537), ID, 'DOCUMENT_TOO_LARGE'],
  ['too long in bytes', 'é'.repeat(32_769), ID, 'DOCUMENT_TOO_LARGE'],
])('refused before any worker: %s', async (_what, proof, accountId, code) => {
  const { verifier, tasks } = harness(VALID);
  const given = { proof, accountId } as { proof: unknown; accountId: string };
  await expect(verifier.verify(CALLER, given)).rejects.toMatchObject({ code });
  expect(tasks).toEqual([]);
});
