export { Ending, lastWord } from './ending';
export { Output } from './output';
export { failureCode, plainFailure } from './plain-failure';
export { readSecretFile } from './secret-file';
export { shellWord } from './shell-word';
