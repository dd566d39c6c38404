export {
  DEMONSTRATION_PARTNER,
  DEMONSTRATION_VALUES,
  demonstrate,
  type Demonstration,
} from './demonstration';
export type { LocalServices } from './local-services';
export { hasClaimKeys, installClaimKeys, makeClaimKeys, type ClaimKeysMaking } from './claim-keys';
export { guide, progressLines } from './guide';
export { LocalProgram } from './local-program';
export { integerOption, projectFolder } from './program-options';
export { prepareDatabase, type DatabaseAddresses } from './databases';
export { keptApiKey, openSecrets, type Secrets } from './secrets';
