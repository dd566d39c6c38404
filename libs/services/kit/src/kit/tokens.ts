/** pino's logger of the service. */
export const LOGGER = Symbol('solvent.logger');
/** Who the service is. */
export const SERVICE = Symbol('solvent.service');

export interface ServiceIdentity {
  /** `prover` */
  readonly service: string;
  readonly version: string;
}
