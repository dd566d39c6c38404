import { serve, WORK } from '@solvent-por/prover/threads';
import { READING } from './reading/reading-table';

/** The worker of every service's bundle. */
serve({ ...WORK, ...READING });
