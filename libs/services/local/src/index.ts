export { demonstrate, type Demonstration, type LocalHouse } from './demonstration';
export { guide, progressLines } from './guide';
export { openSecrets, operatorApiKey, type Secrets } from './secrets';
