import { toHex } from '@solvent-por/kzg';
import { verifyGlobalProof } from '@solvent-por/verifier';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  documentOf,
  inPieces,
  joinLines,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  verifyFile,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { operatorKeyOf } from '../sign';

/**
 * The manifest as it enters a global proof file: a manifest that must not be trusted is refused before any
 * proof is read.
 */
const header = testHeader('spot', 1, 2);
const accounts = toBatches(testAccounts(header, 2));
let builder: SnapshotBuilder;
let line: ProvedLine;
let genuine: SmallSnapshot;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  line = builder.prove(0, accounts);
  genuine = builder.finalise([line]);
});

const invalid = (code: string) => ({ valid: false, code });
const proofs = () => genuine.file.subarray(genuine.document.length + 1, -1);

describe('signature and key', () => {
  test('a signature by another key than the header names', async () => {
    const cheat = builder.finalise([line], { signing: testKey('somebody') });
    expect(await verifyFile(cheat.file)).toMatchObject(invalid('SIGNATURE_INVALID'));
  });

  test("the signature of the operator's other manifest", async () => {
    const { signature } = builder.finalise([line], { root: () => new Uint8Array(32) }).manifest;
    const file = joinLines(documentOf({ ...genuine.manifest, signature }), proofs());
    expect(await verifyFile(file)).toMatchObject(invalid('SIGNATURE_INVALID'));
  });

  test('a whole honest file of another operator', async () => {
    const seed = testKey('another operator');
    const other = await SnapshotBuilder.load({ ...header, operator: toHex(operatorKeyOf(seed)) });
    const { file } = other.finalise([other.prove(0, accounts)], { signing: seed });
    expect(await verifyFile(file)).toMatchObject(invalid('OPERATOR_UNEXPECTED'));
    const unasked = await verifyGlobalProof(inPieces(file), { kzg: nativeVerifier() });
    expect(unasked).toMatchObject({
      valid: true,
      notChecked: [{ code: 'OPERATOR_KEY' }, { code: 'CHAIN' }, { code: 'SAME_FOR_ALL' }],
    });
  });

  test('is refused before anything of the proofs is read or reported', async () => {
    const seen: unknown[] = [];
    const cheat = builder.finalise([line], { signing: testKey('somebody') });
    const source = inPieces(cheat.file, 64);
    await verifyFile(source, {
      onManifest: (manifest) => seen.push(manifest),
      onProgress: (p) => seen.push(p),
    });
    expect(seen).toEqual([]);
    expect(source.taken).toBeLessThanOrEqual(cheat.document.length + 64);
  });
});

describe('the chain', () => {
  /** An earlier manifest, by signature alone: its proofs are not looked at. */
  const earlier = (snapshot: string, takenAt: string, previous?: SmallSnapshot['manifest']) =>
    new SnapshotBuilder({ ...header, snapshot, takenAt }, builder.committer, builder.opener).finalise(
      [line],
      {
        ...(previous && { previous }),
      },
    ).manifest;

  test('follows the manifest that was seen before', async () => {
    const august = earlier('august', '2026-08-31T00:00:00Z');
    const september = earlier('september', '2026-09-30T00:00:00Z', august);
    const { file, manifest } = builder.finalise([line], { previous: september });
    expect(await verifyFile(file, { previous: [september] })).toMatchObject({ valid: true });
    expect(await verifyFile(file, { previous: [august, september] })).toMatchObject({ valid: true });
    expect(await verifyFile(file, { previous: [manifest] })).toMatchObject({ valid: true });
    expect(await verifyFile(file, { previous: [august] })).toMatchObject(invalid('CHAIN_GAP'));
    expect(await verifyFile(genuine.file, { previous: [september] })).toMatchObject(
      invalid('CHAIN_RESTARTED'),
    );
    const forged = { ...september, totals: ['0'] };
    expect(await verifyFile(file, { previous: [forged] })).toMatchObject(
      invalid('PREVIOUS_SIGNATURE_INVALID'),
    );
  });

  test('the predecessor is not earlier, or the file is older than what is known', async () => {
    const same = earlier('same-moment', header.takenAt);
    const { file } = builder.finalise([line], { previous: same });
    expect(await verifyFile(file, { previous: [same] })).toMatchObject(invalid('CHAIN_TIME'));
    const december = earlier('december', '2026-12-31T00:00:00Z', genuine.manifest);
    expect(await verifyFile(genuine.file, { previous: [december] })).toMatchObject(invalid('CHAIN_OLDER'));
  });

  test('two manifests after the same one', async () => {
    const first = earlier('first', '2026-08-31T00:00:00Z');
    const rival = earlier('rival', '2026-09-30T00:00:00Z', first);
    const { file } = builder.finalise([line], { previous: first });
    expect(await verifyFile(file, { previous: [first, rival] })).toMatchObject(invalid('CHAIN_FORKED'));
  });
});

describe('a malformed manifest or header, signed by the operator', () => {
  type Json = Record<string, unknown>;
  const changedHeader = (change: Json) => ({ header: { ...header, ...change } });
  const asset = header.assets[0]!;
  const margin = testHeader('margin', 2, 2);
  const priced = (price: unknown) => ({
    header: { ...margin, assets: [{ ...margin.assets[0]!, price }, margin.assets[1]!] },
    totals: ['1', '1', '1', '1'],
  });
  const cases: [string, string, Json][] = [
    ['an unknown member', 'manifest', { note: 'x' }],
    ['an unknown member of the header', 'header', changedHeader({ note: 'x' })],
    [
      'an unknown member of an asset',
      'header.assets[0]',
      changedHeader({ assets: [{ ...asset, note: 'x' }] }),
    ],
    ['a price in spot', 'header.assets[0]', changedHeader({ assets: [{ ...asset, price: '1' }] })],
    ['a price of 0', 'header.assets[0].price', priced('0')],
    ['a negative price', 'header.assets[0].price', priced('-3')],
    ['a price of 2^64', 'header.assets[0].price', priced(String(1n << 64n))],
    ['a price as a number', 'header.assets[0].price', priced(3)],
    ['doubled symbols', 'header.assets[1].symbol', changedHeader({ assets: [asset, asset] })],
    ['no asset', 'header.assets', changedHeader({ assets: [] })],
    ['seven limbs', 'header.assets[0].limbs', changedHeader({ assets: [{ ...asset, limbs: 7 }] })],
    ['no batch', 'batchCount', { batchCount: 0 }],
    ['65,537 batches', 'batchCount', { batchCount: 65_537 }],
    ['a root of 31 bytes', 'root', { root: `0x${'11'.repeat(31)}` }],
    ['columns of 31 bytes', 'columns', { columns: `0x${'11'.repeat(31)}` }],
    ['the old form’s accountRoot', 'manifest', { accountRoot: null }],
    ['another protocol', 'protocol', { protocol: 'solvent/v2' }],
  ];
  test.each(cases)('%s', async (_name, member, change) => {
    const { file } = builder.finalise([line], { manifest: (manifest) => ({ ...manifest, ...change }) });
    await expect(verifyFile(file)).rejects.toMatchObject({
      code: member.startsWith('header') ? 'HEADER_MALFORMED' : 'MANIFEST_MALFORMED',
      kind: 'malformed',
      details: { member },
    });
  });
});
