import type { Context, Outcome } from '../context';

/**
 * Runs a command's work in a context and ends the program as its outcome says; errors are shown, once, here.
 */
export type Run = (command: string, work: (context: Context) => Promise<Outcome>) => Promise<void>;

/** Text under a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}
