export { Ending, lastWord } from './ending';
export { Output } from './output';
export { readSecretFile } from './secret-file';
export { shellWord } from './shell-word';
