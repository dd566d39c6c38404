import { runService } from '@solvent-por/services/kit';
import { gateway } from '@solvent-por/services/gateway';

void runService(gateway);
