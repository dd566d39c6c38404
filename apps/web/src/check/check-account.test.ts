import { toHex } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import { parseManifest, type Inclusion, type Manifest } from '@solvent-por/verifier';
import {
  documentOf,
  inclusionFile,
  signAnything,
  SnapshotBuilder,
  testAccounts,
  testHeader,
  testKey,
  toBatches,
  type ProvedLine,
  type SmallSnapshot,
} from '@solvent-por/dev/proofs';
import { checkAccount, type AccountCheck } from './check-account';
import type { AccountReport, StepId } from './report';
import { weakest } from './states';

/** One small snapshot, honest, and each step's forgery. */
const kzg = nativeVerifier();
const header = testHeader('spot', 1, 2);
const accounts = testAccounts(header, 6);
const mine = accounts[3]!;
const other = accounts[2]!;
let builder: SnapshotBuilder;
let lines: ProvedLine[];
let snapshot: SmallSnapshot;
let honest: Inclusion;

beforeAll(async () => {
  builder = await SnapshotBuilder.load(header);
  lines = builder.proveAll(toBatches(accounts, 2));
  snapshot = builder.finalise(lines);
  honest = builder.include(snapshot, lines[1]!.stored[0]!, 1);
});

const nothing = { published: [], now: new Date('2026-11-01T00:00:00Z') };

function check(more: Partial<AccountCheck> & { readonly file?: Partial<Inclusion> } = {}) {
  const { file, ...rest } = more;
  const report = checkAccount(
    {
      manifest: snapshot.document,
      inclusion: inclusionFile({ ...honest, ...file }),
      key: mine.key,
      known: { ...nothing, expected: header.operator },
      ...rest,
    },
    kzg,
  );
  return report as Extract<AccountReport, { kind: 'checked' }>;
}

const states = ({ steps }: { readonly steps: ReturnType<typeof check>['steps'] }) =>
  Object.fromEntries(steps.map(({ id, state, why }) => [id, `${state} ${why}`]));

test('an honest proof: every step that this document can show is checked, and the rest says that it is not', () => {
  const report = check();
  expect(states(report)).toEqual({
    row: 'checked yours',
    amounts: 'checked holds',
    batch: 'checked holds',
    totals: 'checked holds',
    signature: 'open first',
    everybody: 'open notHere',
  });
  expect(weakest(report.steps.map(({ state }) => state))).toBe('open');
  expect(report.place).toEqual({ row: 1, batch: 1, batchCount: 3, sides: ['left', 'right'] });
  expect(report.values).toEqual([
    { symbol: 'COIN0', side: 'equity', amount: expect.stringMatching(/^\d+\.\d\d$/) as string },
  ]);
  expect(report.steps.every(({ facts }) => facts.length > 0)).toBe(true);
});

test('without a key nobody can tell whose row it is: not checked, and never green', () => {
  const { key: _, ...rest } = { key: mine.key };
  const report = checkAccount(
    { manifest: snapshot.document, inclusion: inclusionFile(honest), known: nothing, ...rest },
    kzg,
  );
  expect(report).toMatchObject({ keyKnown: false });
  expect(states(report as ReturnType<typeof check>)).toMatchObject({
    row: 'open noKey',
    amounts: 'checked holds',
    signature: 'open firstVisit',
  });
});

test.each<[string, StepId, () => ReturnType<typeof check>, string]>([
  ["somebody else's file", 'row', () => check({ key: other.key }), 'otherKey'],
  ['the id in place of the key', 'row', () => check({ key: honest.id }), 'idGiven'],
  ['changed amounts', 'amounts', () => check({ file: { values: [honest.values[0]! + 1n] } }), 'refused'],
  [
    'another account’s openings',
    'amounts',
    () => check({ file: { openings: builder.include(snapshot, lines[1]!.stored[0]!, 0).openings } }),
    'refused',
  ],
  ['another salt', 'batch', () => check({ file: { salt: testKey('another') } }), 'refused'],
  [
    'another hash on the way',
    'batch',
    () => check({ file: { path: [{ ...honest.path[0]!, hash: testKey('x') }, honest.path[1]!] } }),
    'refused',
  ],
  ['a way that is too short', 'batch', () => check({ file: { path: [honest.path[0]!] } }), 'refused'],
  ['a batch that there is not', 'batch', () => check({ file: { batch: 9 } }), 'refused'],
  ['a reserved row', 'amounts', () => check({ file: { row: 4090 } }), 'refused'],
  ['another manifest', 'batch', () => check({ file: { manifest: testKey('other') } }), 'otherManifest'],
])('%s: step "%s" is the first that does not hold', (_what, id, run, why) => {
  const report = run();
  const at = report.steps.findIndex((step) => step.id === id);
  expect(report.steps[at]).toMatchObject({ state: 'false', why, code: expect.any(String) as string });
  expect(report.steps.slice(0, at).every(({ state }) => state !== 'false')).toBe(true);
  expect(weakest(report.steps.map(({ state }) => state))).toBe('false');
});

test('false totals under a good signature: step "totals" does not hold', () => {
  const cheat = builder.finalise(lines, { totals: ([total]) => [total! - 1n] });
  const file = builder.include(cheat, lines[1]!.stored[0]!, 1);
  const report = check({ manifest: cheat.document, inclusion: inclusionFile(file) });
  expect(states(report)).toMatchObject({ batch: 'checked holds', totals: 'false refused' });
});

test('a manifest that was changed after it was signed: step "signature" does not hold', () => {
  const { signature: _, ...unsigned } = snapshot.manifest;
  const forged = { ...signAnything(unsigned, testKey('somebody')) };
  const report = check({ manifest: documentOf(forged) });
  expect(states(report)).toMatchObject({ totals: 'checked holds', signature: 'false signature' });
});

test('what cannot be read says nothing about the account', () => {
  const cut = inclusionFile(honest).subarray(0, 400);
  expect(check({ inclusion: cut })).toMatchObject({ kind: 'unreadable', document: 'proof' });
  expect(check({ manifest: snapshot.document.subarray(1) })).toMatchObject({ document: 'manifest' });
  const infinity = Uint8Array.from({ length: 48 }, () => 0xff);
  expect(check({ file: { sum: infinity } })).toMatchObject({ kind: 'unreadable', code: 'POINT_MALFORMED' });
});

describe('the chain', () => {
  let before: Manifest;
  let next: SmallSnapshot;
  let later: Inclusion;
  beforeAll(async () => {
    before = parseManifest(snapshot.document);
    const builds = await SnapshotBuilder.load({
      ...header,
      snapshot: 'test-next',
      takenAt: '2026-11-30T00:00:00Z',
    });
    const proved = builds.proveAll(toBatches(testAccounts(builds.header, 6), 2));
    next = builds.finalise(proved, { previous: before });
    later = builds.include(next, proved[1]!.stored[0]!, 1);
  });
  const signed = (known: Partial<AccountCheck['known']>) =>
    states(
      check({ manifest: next.document, inclusion: inclusionFile(later), known: { ...nothing, ...known } }),
    )['signature'];

  test('it is checked against what this browser saw, or what the source published before', () => {
    expect(signed({ remembered: before })).toBe('checked follows');
    expect(signed({ remembered: next.manifest })).toBe('checked same');
    expect(signed({ expected: header.operator, published: [before] })).toBe('checked follows');
    expect(signed({ expected: header.operator })).toBe('open previousMissing');
    expect(signed({ published: [before] })).toBe('open firstVisit');
    const older = check({ known: { ...nothing, remembered: next.manifest, published: [next.manifest] } });
    expect(states(older)['signature']).toBe('checked precedes');
  });

  test('a key that changed, or is not the expected one, is false', () => {
    const foreign = { ...before, header: { ...before.header, operator: toHex(testKey('someone')) } };
    expect(signed({ remembered: foreign })).toBe('false keyChanged');
    expect(signed({ expected: toHex(testKey('someone')) })).toBe('false otherOperator');
  });

  test('two after the same one: history was rewritten', () => {
    const { signature: _, ...unsigned } = next.manifest;
    const fork = signAnything({
      ...unsigned,
      header: { ...unsigned.header, snapshot: 'test-fork', takenAt: '2026-11-15T00:00:00Z' },
    });
    expect(signed({ remembered: fork, published: [before] })).toBe('false chain');
  });
});
