import { SolventError } from '@solvent-por/kzg';

/**
 * Why a node gave no answer.
 *
 * - `NODE_UNREACHABLE`: no connection, or the answer broke off; `NODE_SLOW`: nothing in time
 * - `NODE_REFUSES`: an HTTP status or an error of its own; `NODE_BEHIND`: it has no such block, or it is not final yet
 * - `NODE_ANSWER_MALFORMED`: too long, no JSON, another shape, about another block
 * - `NODE_SILENT`: not asked any more after several failures one after the other
 */
export type NodeFailureCode =
  'NODE_UNREACHABLE' | 'NODE_SLOW' | 'NODE_REFUSES' | 'NODE_BEHIND' | 'NODE_ANSWER_MALFORMED' | 'NODE_SILENT';

/**
 * A node gave no answer that could be used: nothing is said about the publication. Its message names the
 * node, never its URL, which may hold a key.
 */
export class NodeFailure extends SolventError<NodeFailureCode> {
  constructor(code: NodeFailureCode, message: string) {
    super(code, 'usage', message);
    this.name = 'NodeFailure';
  }
}

/** The answer has another shape than the protocol's. */
export function malformedAnswer(problem: string): never {
  throw new NodeFailure('NODE_ANSWER_MALFORMED', problem);
}

/** A node says something else than the publication does. @throws SolventError NODE_CONTRADICTS, kind invalid */
export function contradiction(message: string): never {
  throw new SolventError('NODE_CONTRADICTS', 'invalid', message);
}
