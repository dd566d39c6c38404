export { GROUPS, Prover, type ProverOptions } from './prover';
export { ProverModule } from './prover.module';
export { ProverMetrics, silentProverMeter, type ProverMeter } from './metrics';
export { prover } from './service';
export type { JobOutcome } from './prove-job';
export type { CloseOutcome } from './finalise-snapshot';
