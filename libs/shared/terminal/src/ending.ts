import { writeSync } from 'node:fs';

/**
 * With which code a program ends. Until it is decided, that is the code of a program that did not come to a
 * result, however it ends: an exception nobody catches, a rejection nobody handles, an event loop that runs
 * empty, a library that ends the process. To be made before anything else.
 */
export class Ending {
  /**
   * Tells, at once and without waiting for anything, why there will be no result; undefined where nothing is
   * known but that the program ended.
   */
  report: (error: unknown) => void = (error) => {
    lastWord(2, `${error instanceof Error ? error.message : 'it ended before it had a result'}\n`);
  };
  #decided: number | undefined;

  /** @param unfinished the code of a program without a result: never 0 */
  constructor(private readonly unfinished: number) {
    process.exitCode = unfinished;
    // Rejections that nobody handles come here too.
    process.on('uncaughtException', (error) => {
      this.#tell(error);
      // A result stays one, and what is still being written is written.
      if (this.#decided === undefined) this.#endNow();
    });
    process.on('exit', () => {
      if (this.#decided === undefined) this.#tell(undefined);
      process.exitCode = this.#decided ?? this.unfinished;
    });
  }

  /**
   * The result's code, with which the program ends as soon as nothing is left to do. A later call takes the
   * place of an earlier one.
   */
  decide(code: number): void {
    this.#decided = code;
    process.exitCode = code;
  }

  #endNow(): void {
    this.#decided = this.unfinished;
    process.exit(this.unfinished);
  }

  #tell(error: unknown): void {
    try {
      this.report(error);
    } catch {
      // There is nobody left to tell.
    }
  }
}

/** Writes before the process is gone. @param descriptor 1 for stdout, 2 for stderr */
export function lastWord(descriptor: 1 | 2, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {
    // Nobody reads any more, or the disk is full.
  }
}
