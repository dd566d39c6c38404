export { DEMONSTRATION_VALUES, demonstrate, type Demonstration, type LocalServices } from './demonstration';
export { hasClaimKeys, installClaimKeys, makeClaimKeys, type ClaimKeysMaking } from './claim-keys';
export { guide, progressLines } from './guide';
export { LocalProgram } from './local-program';
export { integerOption, projectFolder } from './program-options';
export { prepareDatabase, type DatabaseAddresses } from './databases';
export { keptApiKey, openSecrets, type Secrets } from './secrets';
