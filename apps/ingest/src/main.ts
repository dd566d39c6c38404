import { runService } from '@solvent-por/services/kit';
import { ingest } from '@solvent-por/services/ingest';

void runService(ingest);
