export { Ending, lastWord } from './ending';
export { Output } from './output';
export { failureCode, plainFailure } from './plain-failure';
export { shellWord } from './shell-word';
