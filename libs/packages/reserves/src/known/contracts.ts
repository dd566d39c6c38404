/** What a contract is by the hash of its code: Safe 1.3.0 and 1.4.1, its proxies and singletons. */
export const KNOWN_CONTRACTS: Readonly<Record<string, ContractKind>> = {
  '0xb89c1b3bdf2cf8827818646bce9a8f6e372885f8c55e5c07acbd307cb133b000': 'safe-proxy',
  '0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c': 'safe-proxy',
  '0xbba688fbdb21ad2bb58bc320638b43d94e7d100f6f3ebaab0a4e4de6304b1c2e': 'safe',
  '0x21842597390c4c6e3c1239e434a682b054bd9548eee5e9b1d6a4482731023c0f': 'safe',
  '0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4': 'safe',
  '0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff': 'safe',
};

export const CONTRACT_KINDS = ['safe-proxy', 'safe', 'eip1271'] as const;
export type ContractKind = (typeof CONTRACT_KINDS)[number];
