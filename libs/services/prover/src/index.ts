export { GROUPS, Prover, type ProverOptions } from './prover';
export { ProverModule } from './prover.module';
export { ProverMetrics, silentProverMeter, type ProverMeter } from './metrics';
export { readConfiguration, type ProverConfiguration } from './configuration';
export { startProver } from './start-prover';
export type { JobOutcome } from './prove-job';
export type { CloseOutcome } from './close-snapshot';
