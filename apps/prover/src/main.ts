import { runService } from '@solvent-por/services/kit';
import { prover } from '@solvent-por/services/prover';

void runService(prover);
