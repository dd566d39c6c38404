import type { Calls } from '../worker/calls';
import { chainState } from './chain-state';
import { recall, type Store } from './memory';
import type { PageConfig } from './page-config';
import type { AccountReport, Step } from './report';
import { checkDropped, checkTyped, expectedOperator, type CheckTools, type Outcome } from './run-check';
import { snapshotFacts } from './snapshot-facts';
import type { Published, Source } from './source';

const OPERATOR = `0x${'ab'.repeat(32)}`;
const manifestAt = (snapshot: string, takenAt: string) =>
  JSON.stringify({
    header: { snapshot, takenAt, operator: OPERATOR, assets: [{ symbol: 'BTC' }] },
    batchCount: 3,
  });
const [OCTOBER, NOVEMBER] = [
  manifestAt('oct', '2026-10-31T00:00:00Z'),
  manifestAt('nov', '2026-11-30T00:00:00Z'),
];
const bytes = (text: string) => new TextEncoder().encode(text);

function storeOf(): Store {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/** A page whose worker answers as it is told. */
function toolsWith(answers: Readonly<Record<string, (give: never) => unknown>>): CheckTools {
  const ask = (task: string, give: never) => Promise.resolve(answers[task]!(give));
  return {
    config: { source: { kind: 'gateway', address: 'a', sealed: false }, identifiers: true } as PageConfig,
    source: {
      config: { kind: 'gateway', address: 'a', sealed: false },
      exchange: 'a',
      list: () => Promise.resolve([]),
      inclusion: () => Promise.resolve('{}'),
    } as unknown as Source,
    calls: { ask } as unknown as Pick<Calls, 'ask'>,
    store: storeOf(),
  };
}

const reportWith = (state: Step['state'], why: string) =>
  ({
    kind: 'checked',
    keyKnown: false,
    values: [],
    steps: [{ id: 'signature', state, why, facts: [], section: 10 }],
  }) as unknown as AccountReport;

const published = (manifest: string): Published => {
  const facts = snapshotFacts(manifest)!;
  return { id: facts.snapshot, manifest, facts };
};

describe('what is remembered after a check', () => {
  const typed = async (tools: CheckTools, manifest: string) =>
    checkTyped(tools, published(manifest), 'alice', () => undefined);

  test('a chain that was begun anew is not forgotten by looking at it once', async () => {
    let why = 'firstVisit';
    const tools = toolsWith({
      identify: () => ({ kind: 'identifier', id: '0x', access: '0x', tidied: false }),
      check: () => reportWith('open', why),
    });
    await typed(tools, OCTOBER);
    expect(recall(tools.store, 'a')?.manifest).toBe(OCTOBER);
    why = 'gap';
    expect(await typed(tools, NOVEMBER)).toMatchObject({ kind: 'report' });
    expect(recall(tools.store, 'a')?.manifest).toBe(OCTOBER);
    why = 'previousMissing';
    await typed(tools, NOVEMBER);
    expect(recall(tools.store, 'a')?.manifest).toBe(NOVEMBER);
  });

  test('the key of an earlier visit is what an audit expects, too, unless the page was set up with one', async () => {
    const tools = toolsWith({
      identify: () => ({ kind: 'identifier', id: '0x', access: '0x', tidied: false }),
      check: () => reportWith('open', 'firstVisit'),
    });
    expect(expectedOperator(tools)).toBeUndefined();
    await typed(tools, OCTOBER);
    expect(expectedOperator(tools)).toBe(OPERATOR);
    const config = { ...tools.config, operator: `0x${'cd'.repeat(32)}` };
    expect(expectedOperator({ ...tools, config })).toBe(config.operator);
  });
});

test('a snapshot in which the account is missing is no link of a chain that is called whole', () => {
  const report = (state: Step['state']) =>
    ({ kind: 'report', report: reportWith(state, '') }) as unknown as Outcome;
  const missing = { kind: 'missing' } as unknown as Outcome;
  const problem = { kind: 'problem' } as unknown as Outcome;
  expect(chainState([report('checked'), report('checked')])).toBe('checked');
  for (const other of [missing, problem]) expect(chainState([report('checked'), other])).toBe('open');
  expect(chainState([missing, report('false')])).toBe('false');
});

describe('files that were dropped', () => {
  const DIGESTS: Readonly<Record<string, string>> = {
    [OCTOBER]: `0x${'10'.repeat(32)}`,
    [NOVEMBER]: `0x${'11'.repeat(32)}`,
  };
  const proofOf = (manifest: string) => bytes(JSON.stringify({ manifest: DIGESTS[manifest] }));
  const checked: string[] = [];
  const tools = toolsWith({
    chain: ({ manifests }: { manifests: string[] }) => ({
      links: manifests.map((text) =>
        DIGESTS[text] === undefined ? { digest: '' } : { digest: DIGESTS[text], report: {} },
      ),
    }),
    identify: ({ typed }: { typed: { text: string } }) =>
      typed.text === 'bad' ? { kind: 'malformed', problem: 'digits', digits: 63 } : { kind: 'key', id: '0x' },
    check: ({ manifest }: { manifest: Uint8Array }) => {
      checked.push(new TextDecoder().decode(manifest));
      return reportWith('open', 'firstVisit');
    },
  });
  const drop = (
    files: { proof?: Uint8Array; manifest?: Uint8Array },
    atHand: string[] = [],
    typed?: string,
  ) => checkDropped(tools, { ...files, unknown: [] }, atHand, typed, () => undefined);
  beforeEach(() => void checked.splice(0));

  test('a manifest of another snapshot beside it makes no proof false', async () => {
    const files = { proof: proofOf(NOVEMBER), manifest: bytes(OCTOBER) };
    expect(await drop(files)).toMatchObject({ problem: { kind: 'needManifest' } });
    expect(await drop(files, [NOVEMBER])).toMatchObject({ kind: 'report' });
    expect(checked).toEqual([NOVEMBER]);
  });

  test('a manifest that is none is for the check to say', async () => {
    await drop({ proof: proofOf(NOVEMBER), manifest: bytes('{') });
    expect(checked).toEqual(['{']);
  });

  test('a manifest alone is not called none of ours', async () => {
    expect(await drop({ manifest: bytes(NOVEMBER) })).toMatchObject({ problem: { kind: 'needProof' } });
    expect(await drop({})).toMatchObject({ problem: { kind: 'file' } });
  });

  test('a key that is none is said to be, beside the file', async () => {
    const files = { proof: proofOf(NOVEMBER), manifest: bytes(NOVEMBER) };
    expect(await drop(files, [], 'bad')).toMatchObject({ complaint: { problem: 'digits', digits: 63 } });
    expect(await drop(files, [], 'good')).not.toHaveProperty('complaint');
  });
});
