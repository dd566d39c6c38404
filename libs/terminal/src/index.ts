export { Ending, lastWord } from './ending';
export { Output } from './output';
export { shellWord } from './shell-word';
