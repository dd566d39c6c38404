export { configJsonSchema, parseConfig, parseWideConfig } from './config';
export { MAX_TOKENS, configSchema, type SnapshotConfig, type SnapshotConfigInput } from './config-schema';
export { invalidConfig } from './config-problems';
export { asRequested } from './as-requested';
export { claimKeysOf, isKeyDigest } from './claims-asked';
export { refuseFutureDate, refuseUnmeantFutureDate } from './future-date';
export { configSize, headerOf, sizeProblems, tokensOf, valueLimits } from './header';
export { coarserList, limitsWithin, type ValueLimit } from './haircut-header';
export { parseRatioList, type RatioList } from './ratio-list';
export type { PoolConfig, TierConfig } from './haircut-schema';
export { assetLimbs } from './size';
export { DECIMAL, headerPrice } from './price';
export { idName, inputNames, readTokens, sourceScale, type InputName, type Side } from './input-names';
export { AMOUNT_BITS, comfortable, fittingScale, wholeTokens } from './scale';
export { totalRows } from './total-row';
export { weaknessOf, withoutOuterBlanks } from './weak-identifier';
export { AccountRow, RowRefusal, type ReadAmount, type RowCode } from './account-row';
export { accountRow } from './proved-rows';
export { SurveyRow, type AssetSurvey } from './survey-row';
export { parseStrictJson } from './strict-json';
export { poolColumn } from './input-names';
export {
  generateAccounts,
  type GeneratedAccount,
  type GeneratedSnapshot,
  type GeneratorOptions,
} from './generator';
