export {
  MAX_TOKENS,
  configJsonSchema,
  configSchema,
  parseConfig,
  type SnapshotConfig,
  type SnapshotConfigInput,
} from './config';
export { invalidConfig } from './config-problems';
export { refuseFutureDate } from './future-date';
export { headerOf, tokensOf } from './header';
export { DECIMAL, headerPrice } from './price';
export { MAX_IDENTIFIER_BYTES, hashIdentifier } from './identifier';
export { AccountRow, RowRefusal, accountRow, type RowCode } from './account-row';
export { parseStrictJson } from './strict-json';
export {
  generateAccounts,
  type GeneratedAccount,
  type GeneratedSnapshot,
  type GeneratorOptions,
} from './generator';
