import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, hexBytes, toHex, utf8 } from '@solvent-por/kzg';
import { bech32, bech32m } from '@scure/base';
import { bitcoinMessage, edKey, eip191, okxEvm, secpKey, signEd } from '../testing/keys';
import { encodeBase58Check } from './addresses/base58';
import { compressed, hash160 } from './addresses/hashes';
import { verifyOwnership } from './verify-ownership';

const TEXT = 'exchange.example controls this address.';
const [ALICE, BOB, CAROL] = [secpKey('alice'), secpKey('bob'), secpKey('carol')] as const;
const ORDER = secp256k1.Point.Fn.ORDER;

const verdict = (network: string, address: string, ownership: unknown, text = TEXT) =>
  verifyOwnership(network, address, text, ownership).verdict;
const evm = (signature: string, address = ALICE.evm, network = 'eip155:1') =>
  verdict(network, address, { scheme: 'eip191', signatures: [signature] });
const legacy = (signatures: readonly string[], address = ALICE.p2pkh, more = {}) =>
  verdict('bitcoin', address, { scheme: 'bitcoin-message', signatures, ...more });

const HONEST = eip191(TEXT, ALICE);
const bytes = (hex: string) => hexBytes(hex, (hex.length - 2) / 2);
const with_ = (hex: string, change: (bytes: Uint8Array) => void) => {
  const changed = bytes(hex);
  change(changed);
  return toHex(changed);
};
/** The same signature with s in the upper half: n − s, the other parity. */
const highS = (rsv: string) =>
  with_(rsv, (given) => {
    const s = BigInt(toHex(given.subarray(32, 64)));
    given.set(bytes(`0x${(ORDER - s).toString(16).padStart(64, '0')}`), 32);
    given[64]! ^= 27 ^ 28;
  });

/** The same for h ‖ r ‖ s of a compressed key. */
const highSBitcoin = (signature: string) =>
  with_(signature, (given) => {
    const s = BigInt(toHex(given.subarray(33, 65)));
    given.set(bytes(`0x${(ORDER - s).toString(16).padStart(64, '0')}`), 33);
    given[0] = 27 + 4 + (((given[0]! - 27) & 3) ^ 1);
  });

describe('EVM signatures', () => {
  test('honest: right', () => {
    expect(evm(HONEST)).toBe('right');
    expect(verdict('eip155:1', ALICE.evm, { scheme: 'okx-evm', signatures: [okxEvm(TEXT, ALICE)] })).toBe(
      'right',
    );
  });

  test.each<[string, () => string]>([
    ['over another text', () => evm(eip191(`${TEXT} `, ALICE))],
    ['for another address', () => evm(HONEST, BOB.evm)],
    ['high s', () => evm(highS(HONEST))],
    ['the wrong recovery id', () => evm(with_(HONEST, (given) => (given[64]! ^= 27 ^ 28)))],
    ['r of 0', () => evm(with_(HONEST, (given) => given.fill(0, 0, 32)))],
    ['s of 0', () => evm(with_(HONEST, (given) => given.fill(0, 32, 64)))],
    ['r of n', () => evm(with_(HONEST, (given) => given.set(bytes(`0x${ORDER.toString(16)}`), 0)))],
    ['r that is no x of a point', () => evm(with_(HONEST, (given) => given.fill(0, 0, 31).set([5], 31)))],
    ['the form of OKX', () => evm(okxEvm(TEXT, ALICE))],
    [
      'the zero address, for a signature that recovers nothing',
      () => evm(`0x${'00'.repeat(64)}1b`, `0x${'00'.repeat(20)}`),
    ],
  ])('%s: wrong', (_, judge) => expect(judge()).toBe('wrong'));

  test.each<[string, () => string]>([
    ['EIP-2098', () => evm(HONEST.slice(0, -2))],
    ['v of 0', () => evm(with_(HONEST, (given) => (given[64]! -= 27)))],
    ['v of 29', () => evm(with_(HONEST, (given) => (given[64] = 29)))],
    ['capital letters', () => evm(HONEST.toUpperCase().replace('0X', '0x'))],
    ['EIP-55', () => evm(HONEST, `0x${ALICE.evm.slice(2).toUpperCase()}`)],
    ['no signature', () => verdict('eip155:1', ALICE.evm, { scheme: 'eip191', signatures: [] })],
    ['two', () => verdict('eip155:1', ALICE.evm, { scheme: 'eip191', signatures: [HONEST, HONEST] })],
    [
      'a script',
      () => verdict('eip155:1', ALICE.evm, { scheme: 'eip191', signatures: [HONEST], script: '0x' }),
    ],
    ['message', () => verdict('eip155:1', ALICE.evm, { scheme: 'eip191', signatures: [HONEST], message: 0 })],
    ['a scheme of no name', () => verdict('eip155:1', ALICE.evm, { scheme: 'eip192', signatures: [HONEST] })],
    [
      'a scheme of another network',
      () => verdict('bitcoin', ALICE.p2pkh, { scheme: 'eip191', signatures: [HONEST] }),
    ],
    ['a network of no name', () => evm(HONEST, ALICE.evm, 'ethereum')],
    ['eip155:314 by a number', () => evm(HONEST, `0xff${'00'.repeat(11)}0000000000001234`, 'eip155:314')],
  ])('%s: malformed', (_, judge) => expect(judge()).toBe('malformed'));
});

describe('contracts and their owners', () => {
  const contract = `0x${'c0'.repeat(20)}`;
  const owners = (more: object, network = 'eip155:1', address = contract) =>
    verdict(network, address, {
      scheme: 'owners',
      form: 'eip191',
      owners: [ALICE.evm, BOB.evm],
      signatures: [HONEST, eip191(TEXT, BOB)],
      ...more,
    });

  test('a node must be asked whether they own it', () => {
    expect(owners({})).toBe('unchecked');
    expect(verdict('eip155:1', contract, { scheme: 'eip1271', signatures: ['0x'] })).toBe('unchecked');
  });

  test.each<[string, () => string]>([
    ['one signature twice', () => owners({ signatures: [HONEST, HONEST] })],
    ['signatures in another order', () => owners({ signatures: [eip191(TEXT, BOB), HONEST] })],
    ['of the other form', () => owners({ form: 'okx-evm' })],
    ['a contract that owns itself', () => owners({}, 'eip155:1', ALICE.evm)],
  ])('%s: wrong', (_, judge) => expect(judge()).toBe('wrong'));

  test.each<[string, () => string]>([
    ['one owner twice', () => owners({ owners: [ALICE.evm, ALICE.evm], signatures: [HONEST, HONEST] })],
    ['fewer signatures', () => owners({ signatures: [HONEST] })],
    ['no owner', () => owners({ owners: [], signatures: [] })],
    ['another form', () => owners({ form: 'eip712' })],
    ['two owners of a validator', () => owners({}, 'beacon', `0x${'ab'.repeat(48)}`)],
    [
      'a signature of 8,193 bytes',
      () => verdict('eip155:1', contract, { scheme: 'eip1271', signatures: [`0x${'00'.repeat(8193)}`] }),
    ],
  ])('%s: malformed', (_, judge) => expect(judge()).toBe('malformed'));

  test('a validator’s withdrawal address', () => {
    const one = { owners: [ALICE.evm], signatures: [HONEST] };
    expect(owners(one, 'beacon', `0x${'ab'.repeat(48)}`)).toBe('unchecked');
    expect(owners({ ...one, signatures: [eip191(TEXT, BOB)] }, 'beacon', `0x${'ab'.repeat(48)}`)).toBe(
      'wrong',
    );
  });
});

const p2sh = (script: Uint8Array, version = 5) =>
  encodeBase58Check(concat(Uint8Array.of(version), hash160(script)));
const p2wsh = (script: Uint8Array) => bech32.encode('bc', [0, ...bech32.toWords(sha256(script))]);
const multisig = (m: number, ...keys: readonly Uint8Array[]) =>
  concat(
    Uint8Array.of(0x50 + m),
    ...keys.map((key) => concat(Uint8Array.of(key.length), key)),
    Uint8Array.of(0x50 + keys.length, 0xae),
  );

describe('Bitcoin messages', () => {
  const small = [ALICE, BOB, CAROL].map(({ key }) => compressed(key));
  const script = multisig(2, ...small);
  const [a, b, c] = [ALICE, BOB, CAROL].map((key) => bitcoinMessage(TEXT, key)) as [string, string, string];
  const of = (script: Uint8Array, signatures: readonly string[], address = p2sh(script)) =>
    legacy(signatures, address, { script: toHex(script) });
  const keyHash = hash160(compressed(ALICE.key));
  const p2wpkh = bech32.encode('bc', [0, ...bech32.toWords(keyHash)]);
  const nested = encodeBase58Check(concat(Uint8Array.of(5), hash160(concat(Uint8Array.of(0, 20), keyHash))));
  const taproot = bech32m.encode('bc', [1, ...bech32.toWords(ALICE.key.subarray(1, 33))]);

  test('honest: right', () => {
    expect(legacy([a])).toBe('right');
    expect(legacy([bitcoinMessage(TEXT, ALICE, 1)], nested)).toBe('right');
    expect(legacy([bitcoinMessage(TEXT, ALICE, 2)], nested)).toBe('right');
    expect(legacy([bitcoinMessage(TEXT, ALICE, 3)], p2wpkh)).toBe('right');
    expect(of(script, [a, b])).toBe('right');
    expect(of(script, [c, a])).toBe('right');
    expect(of(script, [a, b, c], p2wsh(script))).toBe('right');
    const large = multisig(1, ALICE.key, BOB.key);
    expect(of(large, [b])).toBe('right');
  });

  test.each<[string, () => string]>([
    ['one signature twice', () => of(script, [a, a])],
    ['one signature twice beside enough others', () => of(script, [a, b, a])],
    ['a signature of somebody else', () => of(script, [a, bitcoinMessage(TEXT, secpKey('dan'))])],
    ['too few', () => of(script, [a])],
    ['a script that is not the address’s', () => of(script, [a, b], p2sh(multisig(1, ...small)))],
    ['the same key twice', () => of(multisig(2, small[0]!, small[0]!, small[1]!), [a, b])],
    ['the same key twice in two encodings', () => of(multisig(2, small[0]!, ALICE.key), [a, b])],
    [
      'a key off the curve',
      () => of(multisig(1, small[0]!, concat(Uint8Array.of(2), new Uint8Array(32).fill(5, 31))), [a]),
    ],
    ['a kind for segwit under a script', () => of(script, [bitcoinMessage(TEXT, ALICE, 3), b])],
    ['high s', () => legacy([highSBitcoin(a)])],
    ['another key', () => legacy([b])],
    ['another kind of address', () => legacy([bitcoinMessage(TEXT, ALICE, 3)])],
    ['another text', () => legacy([bitcoinMessage(`${TEXT}!`, ALICE)])],
    [
      'the prefix of another network',
      () => legacy([bitcoinMessage(TEXT, ALICE, 1, 'Litecoin Signed Message:\n')]),
    ],
    ['a recovery id of 2', () => legacy([with_(a, (given) => (given[0] = 27 + 4 + 2))])],
  ])('%s: wrong', (_, judge) => expect(judge()).toBe('wrong'));

  test.each<[string, () => string]>([
    ['m of 0', () => of(multisig(0, ...small), [a])],
    ['m above n', () => of(multisig(3, small[0]!, small[1]!), [a, b, c])],
    ['65-byte keys under P2WSH', () => of(multisig(1, ALICE.key), [a], p2wsh(multisig(1, ALICE.key)))],
    ['another script', () => of(concat(script, Uint8Array.of(0x75)), [a, b])],
    ['a script for P2PKH', () => legacy([a], ALICE.p2pkh, { script: toHex(script) })],
    ['P2WSH without a script', () => legacy([a], p2wsh(script))],
    ['taproot', () => legacy([a], taproot)],
    ['a first byte of 26', () => legacy([with_(a, (given) => (given[0] = 26))])],
    ['a first byte of 43', () => legacy([with_(a, (given) => (given[0] = 43))])],
    [
      '17 signatures',
      () =>
        of(
          script,
          Array.from({ length: 17 }, () => a),
        ),
    ],
    [
      'P2SH of a network without segwit',
      () => verdict('dogecoin', p2sh(script, 0x16), { scheme: 'bitcoin-message', signatures: [a] }),
    ],
  ])('%s: malformed', (_, judge) => expect(judge()).toBe('malformed'));
});

describe('Ed25519', () => {
  const key = edKey('alice');
  const address = `0x${toHex(key.key).slice(2)}`;
  const near = address.slice(2);
  const own = { scheme: 'ed25519', key: toHex(key.key), signatures: [signEd(utf8(TEXT), key)] };
  const IDENTITY = `0x01${'00'.repeat(31)}`;
  const SMALL = '0x26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05';
  const at = (more: object, account = near) => verdict('near', account, { ...own, ...more });
  const malleable = with_(own.signatures[0]!, (given) => {
    const L = (1n << 252n) + 27742317777372353535851937790883648493n;
    const s = BigInt(toHex(Uint8Array.from(given.subarray(32)).reverse())) + L;
    given.set(bytes(`0x${s.toString(16).padStart(64, '0')}`).reverse(), 32);
  });

  test('honest: right', () => expect(at({})).toBe('right'));

  test.each<[string, () => string]>([
    ['another text', () => at({ signatures: [signEd(utf8(`${TEXT}.`), key)] })],
    ['another key', () => at({ key: toHex(edKey('bob').key) })],
    ['malleable S', () => at({ signatures: [malleable] })],
    [
      'the identity as a key',
      () => at({ key: IDENTITY, signatures: [`${IDENTITY}${'00'.repeat(32)}`] }, IDENTITY.slice(2)),
    ],
    [
      'a key of small order',
      () => at({ key: SMALL, signatures: [`${IDENTITY}${'00'.repeat(32)}`] }, SMALL.slice(2)),
    ],
    ['a key that is no point', () => at({ key: `0x02${'00'.repeat(31)}` }, `02${'00'.repeat(31)}`)],
    ['rotated, and it is the address’s own key', () => at({ rotated: true })],
  ])('%s: wrong', (_, judge) => expect(judge()).toBe('wrong'));

  test('rotated: a node must be asked', () => {
    const other = edKey('bob');
    expect(at({ key: toHex(other.key), signatures: [signEd(utf8(TEXT), other)], rotated: true })).toBe(
      'unchecked',
    );
    expect(at({ rotated: true }, 'exchange.near')).toBe('unchecked');
  });

  test.each<[string, () => string]>([
    ['a name on NEAR without rotated', () => at({}, 'exchange.near')],
    ['rotated: false', () => at({ rotated: false })],
    ['rotated on Sui', () => verdict('sui', address, { ...own, rotated: true })],
    ['wallet outside TON', () => at({ wallet: 'v4r2' })],
    ['a key of 31 bytes', () => at({ key: `0x${'11'.repeat(31)}` })],
    ['a signature of 63 bytes', () => at({ signatures: [`0x${'11'.repeat(63)}`] })],
    ['TON without a wallet', () => verdict('ton', 'EQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mjwoi', own)],
    [
      'a time-out of v4r2',
      () =>
        verdict('ton', 'EQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mjwoi', {
          ...own,
          wallet: 'v4r2',
          walletId: 1,
          timeout: 1,
        }),
    ],
    [
      'a wallet id of 33 bits',
      () =>
        verdict('ton', 'EQB1CKrUWm7qf41Z1GeEE6AgVVj5cH6y6x1aRmWe6q4mjwoi', {
          ...own,
          wallet: 'v4r2',
          walletId: 2 ** 32,
        }),
    ],
    ['Ed25519 on Tron', () => verdict('tron', 'TQM8aRT4GRJjtKcC9TadPDUUUYbBXavoFL', own)],
  ])('%s: malformed', (_, judge) => expect(judge()).toBe('malformed'));
});

describe('what is recognised and not judged', () => {
  test.each<[string, string, string, unknown]>([
    [
      'a reserved scheme, whatever stands in it',
      'bitcoin',
      ALICE.p2pkh,
      { scheme: 'bip322-full', signatures: 7, x: {} },
    ],
    ['a network that is not judged', 'monero', 'anything', { scheme: 'ed25519', message: 3 }],
    ['BIP-322 of P2PKH', 'bitcoin', ALICE.p2pkh, { scheme: 'bip322', witness: [] }],
    [
      'a BLS account of Filecoin',
      'filecoin',
      'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
      { scheme: 'okx-ecdsa' },
    ],
    [
      'segwit version 2',
      'bitcoin',
      bech32m.encode('bc', [2, ...bech32.toWords(new Uint8Array(32))]),
      { scheme: 'bip322', witness: [] },
    ],
  ])('%s: unsupported', (_, network, address, ownership) => {
    expect(verdict(network, address, ownership)).toBe('unsupported');
  });
});
