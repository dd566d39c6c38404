import { Ending } from '@solvent-por/shared/terminal';

/**
 * Imported before anything else: whatever goes wrong from here on, the program does not end as if all were
 * well. 2 is that of EXIT.unusable.
 */
export const ending = new Ending(2);
