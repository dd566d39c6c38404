import type { Step } from './report';

/** What this browser computed of the whole proof itself. */
const HERE = ['here', 'refused'];

export function isOwn(step: Step | undefined): boolean {
  return step !== undefined && HERE.includes(step.why);
}

/**
 * The step "no batch is negative" when something more is known of it. Neither the server's word, nor that
 * something could not be read, comes in place of what this browser computed.
 */
export function everybodyAfter(before: Step | undefined, next: Step): Step {
  return before && isOwn(before) && !isOwn(next) ? before : next;
}
