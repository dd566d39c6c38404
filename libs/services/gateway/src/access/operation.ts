import { SetMetadata } from '@nestjs/common';
import type { Role } from './caller';
import type { OperationClass } from './rate-limits';

/** Who may ask for something, and out of which allowance. */
export interface OperationRule {
  readonly counts: OperationClass;
  /** Anybody, unless said. */
  readonly role?: Role;
}

export const OPERATION = 'solvent:operation';

/** Every operation of the API carries one; without it the guard refuses. */
export const Operation = (rule: OperationRule) => SetMetadata(OPERATION, rule);
