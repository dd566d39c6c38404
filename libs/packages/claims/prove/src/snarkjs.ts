import { SolventError } from '@solvent-por/kzg';

/** What we use of snarkjs. GPL-3.0: this file and its neighbours in `ceremony` are all that load it. */
export type Snarkjs = typeof import('snarkjs');

/** Where snarkjs reads and writes: a file's path, bytes, or memory that it fills. */
export type Artefact = string | Uint8Array;

/** Memory that snarkjs writes into, as it would into a file. */
export interface MemoryFile {
  readonly type: 'mem';
  data?: Uint8Array;
}

/**
 * Loads snarkjs where it is installed; verifying a claim needs none of it.
 * @throws SolventError CLAIM_TOOLS_MISSING (kind usage)
 */
export async function loadSnarkjs(): Promise<Snarkjs> {
  try {
    const loaded: unknown = await import('snarkjs');
    // A module of CommonJS may be wrapped once more.
    const { groth16, default: wrapped } = loaded as { groth16?: unknown; default?: Snarkjs };
    return groth16 === undefined ? wrapped! : (loaded as Snarkjs);
  } catch (error) {
    throw toolsMissing(error);
  }
}

/** What is said where a tool that isn't ours is not there. */
export function toolsMissing(error: unknown): SolventError<'CLAIM_TOOLS_MISSING'> {
  const why = error instanceof Error ? error.message.split('\n')[0]!.slice(0, 200) : String(error);
  return new SolventError(
    'CLAIM_TOOLS_MISSING',
    'usage',
    `making claims and keys needs snarkjs, circom2 and circomlib, which are GPL-3.0 and not part of Solvent (${why}): run \`npm install snarkjs circom2 circomlib\` beside it, then try again; verifying needs none of them`,
  );
}

/** Ends the threads that snarkjs keeps, so that a program can end. */
export async function endSnarkjs(): Promise<void> {
  const world = globalThis as { curve_bn128?: { terminate(): Promise<void> } | null };
  await world.curve_bn128?.terminate();
}

/** What snarkjs would log, to whoever is interested; problems are kept. */
export class Log {
  readonly problems: string[] = [];

  constructor(private readonly onLine: (line: string) => void = () => {}) {}

  info(line: string): void {
    this.onLine(line);
  }
  debug(line: string): void {
    this.onLine(line);
  }
  warn(line: string): void {
    this.onLine(line);
  }
  error(line: string): void {
    this.problems.push(line);
  }
}
