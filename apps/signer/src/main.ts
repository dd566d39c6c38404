import { runService } from '@solvent-por/services/kit';
import { signer } from '@solvent-por/services/prover';

void runService(signer);
