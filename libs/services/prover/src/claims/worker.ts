import { serve } from '@solvent-por/prover/threads';
import { CLAIM_WORK } from './claim-work-table';

/** A bundle of its own: what it loads on demand is under another licence than all that the others load. */
serve(CLAIM_WORK);
