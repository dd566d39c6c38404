import {
  BLOCK,
  CONFIRMED,
  evmHeader,
  make,
  TAKEN_AT,
  type Changes,
  type Draft,
} from '../testing/made-publication';
import { vectors } from '../testing/vectors';
import { reportOf, verdictOf } from '../testing/verdict-of';

const networks = (change: (networks: Draft['document']['networks'], draft: Draft) => void): Changes => ({
  draft: (made) => change(made.document.networks, made),
});
const TRON = { network: 'tron', height: '7', block: `0x${'05'.repeat(32)}`, time: TAKEN_AT };
/** A holding and a line of another network. */
const also = (made: Draft, network: string, asset: string, decimals: number, address: string) => {
  made.document.holdings.push({ network, asset, decimals });
  made.document.assets.push({ symbol: asset, scale: decimals });
  made.document.assets.sort((a, b) => (String(a.symbol) < String(b.symbol) ? -1 : 1));
  made.lines.push({ network, asset, address, amount: '1', class: 'own' });
};
const tron = (time: string): Changes =>
  networks((list, made) => {
    list.push({ ...TRON, time });
    also(made, 'tron', 'TRX', 6, 'TQM8aRT4GRJjtKcC9TadPDUUUYbBXavoFL');
  });

describe('R3: networks', () => {
  test.each<[string, Changes]>([
    ['a name of no ledger', networks((list) => (list[0]!.network = 'btc'))],
    ['out of order', networks((list) => list.reverse())],
    ['one twice', networks((list) => list.splice(1, 0, { ...list[1] }))],
    ['no network', { unsigned: (d) => (d.networks = []) }],
    ['a height of 2^64', networks((list) => (list[0]!.height = (1n << 64n).toString()))],
    ['a height as a number', networks((list) => (list[0]!.height = 925000))],
    ['a block of 31 bytes', networks((list) => (list[0]!.block = `0x${'00'.repeat(31)}`))],
    ['a time without Z', networks((list) => (list[0]!.time = '2026-11-29T23:51:07'))],
    ['a network without a holding', networks((list) => list.push(TRON))],
    ['an anchor that is not listed', { unsigned: (d) => (d.networks = d.networks.slice(0, 1)) }],
    ['an anchor that few watch', { unsigned: (d) => (d.anchor = 'dogecoin') }],
    [
      'a header of tron',
      networks((list, made) => {
        list.push({ ...TRON, header: '0x00' });
        also(made, 'tron', 'TRX', 6, 'TQM8aRT4GRJjtKcC9TadPDUUUYbBXavoFL');
      }),
    ],
    ['a bitcoin header of 79 bytes', networks((list) => (list[0]!.header = `0x${'00'.repeat(79)}`))],
    ['an EVM header of 4,097 bytes', networks((list) => (list[1]!.header = `0x${'00'.repeat(4097)}`))],
  ])('%s: malformed', async (_, changes) => {
    expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed' });
  });

  test.each(['eip155:728126428', 'eip155:1776', 'eip155:295', 'eip155:81', 'eip155:336', 'eip155:420420419'])(
    '%s is a ledger that has another name: malformed',
    async (network) => {
      const changes = networks((list, made) => {
        list.push({ ...TRON, network });
        also(made, network, 'TRX', 18, `0x${'11'.repeat(20)}`);
      });
      expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed', code: 'NETWORK_UNKNOWN' });
    },
  );

  test.each(['eip155:01', 'eip155:0', 'eip155:', `eip155:1${'0'.repeat(19)}`, 'eip155:1 ', 'EIP155:1'])(
    '%s is no chain id: malformed',
    async (network) => {
      const changes = networks((list, made) => {
        list.push({ ...TRON, network });
        also(made, network, 'ETH', 18, `0x${'11'.repeat(20)}`);
      });
      expect(await verdictOf(make(changes))).toMatchObject({ verdict: 'malformed' });
    },
  );

  test('blocks just in time: right', async () => {
    expect(await reportOf(make(tron('2026-11-29T23:50:00Z')))).toMatchObject({ span: 600 });
    expect(await reportOf(make(networks((list) => (list[0]!.time = '2026-11-29T22:00:00Z'))))).toMatchObject({
      span: 7200,
    });
  });

  test.each<[string, Changes]>([
    ['a block too early', tron('2026-11-29T23:49:59Z')],
    ['a block too late', tron('2026-11-30T00:00:01Z')],
    ['a UTXO block too early', networks((list) => (list[0]!.time = '2026-11-29T21:59:59Z'))],
    ['blocks hours apart', networks((list) => (list[0]!.time = '2026-11-29T19:00:00Z'))],
    ['a header that hashes to another block', networks((list) => (list[1]!.block = `0x${'11'.repeat(32)}`))],
    ['a header of another height', networks((list) => (list[1]!.height = '23900001'))],
    ['a header of another time', networks((list) => (list[1]!.time = '2026-11-29T23:59:59Z'))],
  ])('%s: wrong', async (_, changes) => {
    expect(await verdictOf(make(changes), { blocks: {} })).toMatchObject({ verdict: 'wrong' });
  });

  const beacon = (height: string, time: string): Changes =>
    networks((list, made) => {
      list.unshift({ network: 'beacon', height, block: `0x${'05'.repeat(32)}`, time });
      made.document.holdings.unshift({ network: 'beacon', asset: 'ETH', decimals: 9 });
      made.lines.unshift({
        network: 'beacon',
        asset: 'ETH',
        address: `0x${'b5'.repeat(48)}`,
        amount: '1',
        class: 'staked',
      });
    });
  const slot = (time: string) => ((Date.parse(time) / 1000 - 1606824023) / 12).toString();

  test('a slot of another time, or of another one than the EVM block: wrong', async () => {
    const own = '2026-11-29T23:59:59Z';
    const header = evmHeader(23_900_000n, own);
    const both = (time: string, height: string): Changes => ({
      draft: (made) => {
        beacon(height, time).draft!(made);
        Object.assign(made.document.networks[2]!, { ...header, time: own });
        made.document.holdings.splice(2);
        made.document.holdings[1] = { network: 'bitcoin', asset: 'BTC', decimals: 8 };
        made.document.assets = [
          { symbol: 'BTC', scale: 8 },
          { symbol: 'ETH', scale: 9 },
        ];
        made.lines = made.lines.slice(0, 2).map(({ ownership: _, ...line }) => line);
      },
    });
    const verdict = (changes: Changes) => verdictOf(make(changes), { blocks: {} });
    expect(await verdict(both(own, slot(own)))).toMatchObject({ verdict: 'right' });
    expect(await verdict(both(own, '15764399'))).toMatchObject({ verdict: 'wrong' });
    const earlier = '2026-11-29T23:59:47Z';
    expect(await verdict(both(earlier, slot(earlier)))).toMatchObject({ verdict: 'wrong' });
  });
});

describe('R10: blocks from elsewhere', () => {
  test('another hash than the publication’s: wrong', async () => {
    const blocks = { 'eip155:1': `0x${'11'.repeat(32)}` };
    expect(await verdictOf(make(), { blocks })).toMatchObject({ verdict: 'wrong', code: 'BLOCK_UNTRUE' });
  });

  test('a network that is not listed: usage', async () => {
    const blocks = { litecoin: `0x${'11'.repeat(32)}` };
    await expect(verdictOf(make(), { blocks })).rejects.toMatchObject({
      kind: 'usage',
      code: 'BLOCK_UNLISTED',
    });
  });

  test('a hash without a header confirms nothing: an old block would do', async () => {
    const bitcoin = `0x${'00'.repeat(9)}${'cd'.repeat(23)}`;
    const report = await reportOf(make(), { blocks: { ...CONFIRMED, bitcoin } });
    expect(report.blocks).toEqual({ bitcoin: 'unconfirmed', 'eip155:1': 'confirmed' });
  });

  test('a header alone confirms nothing: it can be made up', async () => {
    const report = await reportOf(make(), { blocks: {} });
    expect(report).toMatchObject({
      blocks: { 'eip155:1': 'unconfirmed' },
      ownership: { named: 3 },
      reasons: { block: 3 },
    });
    expect(report.notes).toContain('block of eip155:1 not confirmed');
  });

  test('a bitcoin header shows work, and is bound to its block', async () => {
    const { headers } = vectors<{ headers: { header: string; block: string; time: string }[] }>(
      'bitcoin-headers.json',
    );
    const at = { takenAt: '2024-04-20T00:10:00Z', time: headers[0]!.time };
    const own = evmHeader(23_900_000n, at.takenAt);
    const with_ = (header: string): Changes => ({
      draft: ({ document, lines }) => {
        document.takenAt = at.takenAt;
        Object.assign(document.networks[0]!, { header, block: headers[0]!.block, time: at.time });
        Object.assign(document.networks[1]!, { ...own, time: at.takenAt });
        lines.forEach((line) => delete line.ownership);
      },
    });
    const blocks = { 'eip155:1': own.block, bitcoin: headers[0]!.block };
    expect(await reportOf(make(with_(headers[0]!.header)), { blocks })).toMatchObject({
      ...{ work: true, blocks: { bitcoin: 'confirmed' } },
    });
    expect(await verdictOf(make(with_(headers[1]!.header)), { blocks })).toMatchObject({ verdict: 'wrong' });
  });

  test('the block in these tests is its header’s', () => expect(BLOCK).toEqual(evmHeader()));
});
