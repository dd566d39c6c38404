import {
  auditReport,
  levelOf,
  parseReserves,
  refusedAuditReport,
  type AuditReport,
  type JudgedLine,
  type ReportAsset,
  type SolvencyVerdict,
  verifyReserves,
} from '@solvent-por/reserves';
import { LEVEL_CASES } from '../../../../libs/packages/reserves/testing/level-cases';
import { CONFIRMED, make } from '../../../../libs/packages/reserves/testing/made-publication';
import { piecesOf, reportOf } from '../../../../libs/packages/reserves/testing/verdict-of';

import { LANGUAGES, textsOf, type Language } from '../i18n/languages';
import { AddressBook, explorerLink } from './address-book';
import { coveredStep, isJudged, type CoverKnown } from './covered-step';
import { Found } from './found';
import { PageConfigError, readPageConfig } from './page-config';
import { reservesFilesIn } from './reserves-files';
import { readServerSolvency } from './server-solvency';
import { openSource } from './source';

const MAKING = { at: '2026-12-01T00:00:00Z', by: 'a test' };

async function report(more: Partial<AuditReport> = {}): Promise<AuditReport> {
  const made = make();
  const made2 = { ...MAKING, reserves: parseReserves(made.reserves), operatorKnown: true };
  return { ...auditReport(await reportOf(made), made2), ...more };
}

const asset = (symbol: string, verdict: ReportAsset['verdict'], by?: 'proved' | 'checked'): ReportAsset => ({
  ...{ symbol, scale: 2, verdict, owed: { amount: '100', scale: 2 }, named: '0', layer2: '0', classes: null },
  ...{ proved: '100', checked: '20', claimed: '3', ...(by && { by }) },
});

describe('the step "it is covered"', () => {
  const NOTHING: CoverKnown = { liabilitiesProved: false, published: false };
  const of = async (assets: readonly ReportAsset[], proved: boolean, symbols = ['ETH', 'USD']) =>
    coveredStep(symbols, { ...NOTHING, here: await report({ assets }), liabilitiesProved: proved })!;

  test('where none are published there is no such step; published and not verified, it is open', () => {
    expect(coveredStep(['ETH'], NOTHING)).toBeUndefined();
    expect(coveredStep(['ETH'], { ...NOTHING, published: true })).toMatchObject({
      ...{ state: 'open', why: 'notHere' },
    });
  });

  const proved = asset('ETH', 'covered', 'proved');
  test.each<[SolvencyVerdict | 'checked', ReportAsset, string, string]>([
    ['covered', asset('USD', 'covered', 'proved'), 'checked', 'proved'],
    ['checked', asset('USD', 'covered', 'checked'), 'checked', 'checked'],
    ['claimed', asset('USD', 'claimed'), 'open', 'claimed'],
    ['not comparable', asset('USD', 'not comparable'), 'open', 'notComparable'],
    ['not covered on chain', asset('USD', 'not covered on chain'), 'false', 'absent'],
    ['short', asset('USD', 'short'), 'false', 'short'],
  ])('%s: the weakest of the user’s assets is what is said', async (_, other, state, why) => {
    expect(await of([proved, other], true)).toMatchObject({ state, why });
    // Of an asset that the user does not have nothing is said.
    expect(await of([proved, other], true, ['ETH'])).toMatchObject({ state: 'checked', why: 'proved' });
  });

  test('never checked while what is owed is the operator’s word', async () => {
    expect(await of([proved], false, ['ETH'])).toMatchObject({ state: 'open', why: 'owedUnproved' });
    expect(await of([asset('ETH', 'short')], false, ['ETH'])).toMatchObject({ state: 'false' });
  });

  test('to whom nothing is owed, nothing is covered: no step, and nothing green', async () => {
    expect(coveredStep([], { ...NOTHING, here: await report(), liabilitiesProved: true })).toBeUndefined();
    const server = { verdict: 'covered', assets: [] } as const;
    expect(coveredStep([], { ...NOTHING, published: true, server })).toBeUndefined();
    expect(coveredStep([], { ...NOTHING, published: true })).toBeUndefined();
  });

  test('reserves that could not be read, or that only the server speaks of, can be verified here still', async () => {
    const of = (known: Partial<CoverKnown>) => isJudged(coveredStep(['ETH'], { ...NOTHING, ...known })!);
    const refused = (verdict: 'wrong' | 'malformed') =>
      refusedAuditReport({ verdict, code: 'X', reason: 'because' }, MAKING);
    const said = (verdict: SolvencyVerdict) => ({ verdict, assets: [{ symbol: 'ETH', verdict }] });
    expect(of({ here: refused('malformed') })).toBe(false);
    expect(of({ published: true })).toBe(false);
    for (const verdict of ['covered', 'claimed', 'short'] as const)
      expect(of({ published: true, server: said(verdict) })).toBe(false);
    expect(of({ here: refused('wrong') })).toBe(true);
    expect(of({ here: await report({ assets: [proved] }), liabilitiesProved: true })).toBe(true);
  });

  test('an asset that is not in the report at all is not covered', async () => {
    expect(await of([proved], true)).toMatchObject({ state: 'open', why: 'notComparable' });
  });

  test('in one unit the whole is what holds for each asset', async () => {
    const unit = { verdict: 'claimed', symbol: 'USD', owed: '1', scale: 2 } as const;
    const here = await report({ unit });
    expect(coveredStep(['ETH'], { ...NOTHING, here, liabilitiesProved: true })).toMatchObject({
      ...{ state: 'open', why: 'claimed' },
    });
  });

  test('a publication that is false does not hold; one that cannot be read is not called false', () => {
    const refused = (verdict: 'wrong' | 'malformed') =>
      refusedAuditReport({ verdict, code: 'X', reason: 'because' }, MAKING);
    const step = (verdict: 'wrong' | 'malformed') => coveredStep([], { ...NOTHING, here: refused(verdict) });
    expect(step('wrong')).toMatchObject({ state: 'false', why: 'refused', values: { reason: 'because' } });
    expect(step('malformed')).toMatchObject({ state: 'unreadable', why: 'file' });
  });

  test('what the server says is its word, never checked', () => {
    const said = (verdict: SolvencyVerdict) =>
      coveredStep(['ETH'], {
        ...{ liabilitiesProved: true, published: true },
        server: { verdict, assets: [{ symbol: 'ETH', verdict }] },
      });
    expect(said('covered')).toMatchObject({ state: 'server', why: 'said' });
    expect(said('claimed')).toMatchObject({ state: 'open', why: 'serverClaimed' });
    expect(said('not comparable')).toMatchObject({ state: 'open', why: 'notComparable' });
    expect(said('short')).toMatchObject({ state: 'false', why: 'server' });
  });

  test('there is a sentence for every outcome, in every language', async () => {
    const outcomes = [
      ...['checked.proved', 'checked.checked', 'open.notHere', 'open.owedUnproved', 'open.claimed'],
      ...['open.notComparable', 'open.serverClaimed', 'server.said', 'false.short', 'false.absent'],
      ...['false.refused', 'false.server', 'unreadable.file'],
    ];
    for (const language of Object.keys(LANGUAGES) as Language[])
      expect(Object.keys(await textsOf(language))).toEqual(
        expect.arrayContaining(outcomes.map((one) => `step.covered.${one}`)),
      );
  });
});

test.each(LEVEL_CASES)('$name: the list of addresses says $level, for the same reason', async (of) => {
  const { reserves, addresses } = of.made();
  const document = parseReserves(reserves);
  const book = new AddressBook(document, ({ facts }) => levelOf(facts));
  const verdict = await verifyReserves(new TextEncoder().encode(reserves), piecesOf(addresses), {
    ...{ blocks: of.blocks ?? CONFIRMED, onLines: (lines) => book.add(lines) },
    ...(of.tokens && { tokens: of.tokens }),
  });
  expect(verdict.verdict).toBe('right');
  const { rows, matches } = book.find({
    search: `${of.symbol} ${of.level} ${of.reason ?? ''}`,
    offset: 0,
    count: 9,
  });
  expect(matches).toBe(1);
  expect(rows[0]).toMatchObject({
    ...{ asset: of.symbol, level: of.level },
    ...(of.reason !== undefined && { reason: of.reason }),
  });
  if (of.reason === undefined) return;
  for (const language of Object.keys(LANGUAGES) as Language[])
    expect(await textsOf(language)).toHaveProperty([`reserves.reason.${of.reason}`]);
});

describe('the list of addresses', () => {
  const made = make();
  const document = parseReserves(made.reserves);
  const line = (i: number): JudgedLine => ({
    ...{ holding: i % 3, address: `0x${i.toString(16).padStart(40, '0')}`, class: 'own', amount: BigInt(i) },
    ...{ delegated: false, byKey: true },
    facts: { balance: i % 2 ? 'proved' : 'claimed' } as unknown as JudgedLine['facts'],
  });
  const levels = ({ facts }: JudgedLine) =>
    facts.balance === 'proved'
      ? ({ level: 'proved' } as const)
      : ({ level: 'claimed', reason: 'balance' } as const);

  test('pages of what matches, each line with its number; no more than are kept', () => {
    const book = new AddressBook(document, levels, 1000);
    for (let at = 0; at < 1500; at += 100) book.add(Array.from({ length: 100 }, (_, i) => line(at + i)));
    const page = book.find({ search: '', offset: 990, count: 50 });
    expect(page).toMatchObject({ matches: 1000, kept: 1000, of: 1500 });
    expect(page.rows.map((row) => row.line)).toEqual(Array.from({ length: 10 }, (_, i) => 991 + i));
    const ether = book.find({ search: ' ETH  PROVED ', offset: 0, count: 3 });
    expect(ether.matches).toBe(167);
    expect(ether.rows[0]).toMatchObject({ line: 2, network: 'eip155:1', amount: '0.000000000000000001' });
    expect(book.find({ search: '0x3e7', offset: 0, count: 5 }).matches).toBe(0);
    expect(book.find({ search: '00003e7', offset: 0, count: 5 }).rows[0]).toMatchObject({ line: 1000 });
    expect(book.find({ search: '', offset: 0, count: 1e9 }).rows).toHaveLength(200);
  });

  test('links are what the exchange configured, of an address that cannot change where they lead', () => {
    const explorers = { bitcoin: 'https://explorer.example/a/{address}' };
    const link = (network: string, address: string) => explorerLink(explorers, { network, address });
    expect(link('bitcoin', '1abc')).toBe('https://explorer.example/a/1abc');
    expect(link('bitcoin', '/../$&?#"><')).toBe('https://explorer.example/a/%2F..%2F%24%26%3F%23%22%3E%3C');
    expect(link('eip155:1', '0x')).toBeUndefined();
    expect(link('constructor', 'x')).toBeUndefined();
  });
});

test.each([
  ['http', 'http://explorer.example/{address}'],
  ['script', 'javascript:alert("{address}")'],
  ['no place for the address', 'https://explorer.example/'],
  ['two places', 'https://explorer.example/{address}/{address}'],
  ['the address as host', 'https://{address}.example/'],
  ['a name in it', 'https://me:{address}@explorer.example/'],
  ['no text', 7],
])('explorers: %s is refused, by name', (_, template) => {
  const read = (explorers: unknown) => readPageConfig(JSON.stringify({ explorers }), 'https://page.example/');
  expect(() => read({ bitcoin: template })).toThrow(PageConfigError);
  expect(() => read({ bitcoin: template })).toThrow(/explorers of bitcoin must be an https address/);
  expect(() => read([template])).toThrow(/explorers must be an object/);
  const honest = { bitcoin: 'https://explorer.example/{address}' };
  expect(read(honest).explorers).toEqual(honest);
});

describe('what a gateway says of itself', () => {
  const answers = (body: unknown, status = 200) =>
    jest.fn<Promise<Response>, Parameters<typeof fetch>>(() =>
      Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })),
    );
  const ask = (fetched: typeof fetch) =>
    readServerSolvency('https://gateway.example/', 'nov-2026', { fetched });

  test('is read in our own words', async () => {
    const more = { equity: '100', ratio: null, with: null };
    const solvency = {
      verdict: 'SHORT',
      assets: [
        { symbol: 'ETH', verdict: 'COVERED', by: 'PROVED', ...more },
        { symbol: 'BTC', verdict: 'NOT_COVERED_ON_CHAIN', by: null, ...more },
        { symbol: 'DOGE', verdict: 'NOT_OWED', by: null, ...more },
      ],
      ...{ unit: null, snapshot: 'nov-2026', by: null, prices: null, liabilities: 'PROVED' },
    };
    const fetched = answers({ data: { solvency } });
    expect(await ask(fetched)).toEqual({
      verdict: 'short',
      assets: [
        { symbol: 'ETH', verdict: 'covered', by: 'proved' },
        { symbol: 'BTC', verdict: 'not covered on chain' },
      ],
    });
    const [address, { body }] = fetched.mock.calls[0] as [string, { body: string }];
    expect(String(address)).toBe('https://gateway.example/graphql');
    expect(JSON.parse(body)).toMatchObject({ variables: { snapshotId: 'nov-2026' } });
  });

  test('nothing where none are published, or no word can be had', async () => {
    expect(await ask(answers({ data: { solvency: null } }))).toBeNull();
    for (const fetched of [
      answers({ errors: [{ message: 'no such field' }] }, 400),
      answers({ errors: [{ message: 'no such field' }] }),
      answers('<html>'),
      answers({ data: { solvency: { verdict: 'FINE', assets: [] } } }),
      answers({ data: { solvency: { verdict: 'COVERED', assets: 'all' } } }),
      answers({ data: {} }),
      jest.fn(() => Promise.reject(new TypeError('offline'))),
    ])
      expect(await ask(fetched)).toBeUndefined();
  });
});

test('a folder says which snapshots have reserves; where it does not, the file is asked for by its head alone', async () => {
  const asked: string[] = [];
  const source = (list: object, there: boolean) =>
    openSource(
      { kind: 'files', address: 'https://files.example/' },
      async (address, { method = 'GET' } = {}) => {
        asked.push(`${method} ${String(address)}`);
        return method === 'HEAD'
          ? new Response(null, { status: there ? 200 : 404 })
          : new Response(JSON.stringify(list));
      },
    );
  const listed = source({ snapshots: ['a', 'b'], reserves: ['b'] }, false);
  expect([await listed.hasReserves('a'), await listed.hasReserves('b')]).toEqual([false, true]);
  expect(asked.filter((one) => one.startsWith('HEAD'))).toEqual([]);
  expect(await source({ snapshots: ['a'] }, true).hasReserves('a')).toBe(true);
  expect(await source({ snapshots: ['a'] }, false).hasReserves('a')).toBe(false);
  expect(asked).toContain('HEAD https://files.example/snapshots/a/reserves.json');
});

test('both files are told apart by how they begin, whatever they are called', async () => {
  const { reserves, addresses } = make();
  const file = (name: string, text: string) => new File([text], name);
  const [one, other] = [file('a.txt', reserves), file('b.txt', addresses)];
  expect(await reservesFilesIn([other, one])).toEqual({ reserves: one, addresses: other });
  expect(await reservesFilesIn([file('c.json', '{"batchCount":1}')])).toEqual({});
  expect(Object.keys(await reservesFilesIn([file('none.ndjson', '')]))).toEqual(['addresses']);
});

test('what was found is told to whoever listens', async () => {
  const found = new Found();
  const heard: number[] = [];
  const quiet = found.subscribe(() => heard.push(found.version()));
  found.prove('0x1');
  found.keepReserves('0x1', await report());
  quiet();
  found.prove('0x2');
  expect(heard).toEqual([1, 2]);
  expect([found.isProved('0x1'), found.isProved('0x3'), found.reserves('0x2')]).toEqual([
    true,
    false,
    undefined,
  ]);
});
