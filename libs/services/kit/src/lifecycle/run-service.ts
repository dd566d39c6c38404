import { failureCode, lastWord, Output, plainFailure } from '@solvent-por/shared/terminal';

/**
 * Starts a service as this process. When it cannot be started, that is said in one sentence, and the process ends: with 2 where whoever started it can do something
 * about it, else with 1.
 */
export async function runService(name: string, start: () => Promise<unknown>): Promise<void> {
  // A reader of logs who leaves is not missed.
  for (const stream of [process.stdout, process.stderr]) new Output(stream);
  try {
    await start();
  } catch (error) {
    lastWord(2, `${name}: ${plainFailure(error)}\n`);
    process.exit(failureCode(error));
  }
}
