/** Left: the name of an EVM chain whose ledger has another name, which is the one. */
export const ONE_NAME: Readonly<Record<string, string>> = {
  'eip155:81': 'qtum',
  'eip155:295': 'hedera',
  'eip155:336': 'shiden',
  'eip155:592': 'astar',
  'eip155:686': 'karura',
  'eip155:787': 'acala',
  'eip155:1024': 'clover',
  'eip155:1776': 'injective',
  'eip155:2031': 'centrifuge',
  'eip155:420420418': 'kusama-asset-hub',
  'eip155:420420419': 'polkadot-asset-hub',
  'eip155:728126428': 'tron',
};

/** One party makes the blocks, or the own coin is bridged: checked at best, and told apart (`layer2`). */
export const ONE_PARTY: ReadonlySet<string> = new Set([
  'eip155:10',
  'eip155:66',
  'eip155:196',
  'eip155:324',
  'eip155:8453',
  'eip155:42161',
  'eip155:59144',
]);

/** Tokens that are the network's own coin once more; under '' those of every EVM network. */
export const OWN_COIN_ONCE_MORE: Readonly<Record<string, readonly string[]>> = {
  '': ['0x000000000000000000000000000000000000800a'],
  'eip155:10': ['0xdeaddeaddeaddeaddeaddeaddeaddeaddead0000'],
  'eip155:137': ['0x0000000000000000000000000000000000001010'],
  'eip155:1088': ['0xdeaddeaddeaddeaddeaddeaddeaddeaddead0000'],
  'eip155:1284': ['0x0000000000000000000000000000000000000802'],
  'eip155:1285': ['0x0000000000000000000000000000000000000802'],
  'eip155:42220': ['0x471ece3750da237f93b8e339c536989b8978a438'],
};

/** A coin that is a claim to another one. */
export const CLAIMS: Readonly<Record<string, string>> = { BETH: 'ETH' };
