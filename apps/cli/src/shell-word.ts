export { shellWord } from '@solvent/terminal';
