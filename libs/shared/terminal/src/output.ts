/** What the system says where whoever read has gone: `| head` has seen enough, the terminal was closed. */
const READER_GONE = ['EPIPE', 'ECONNRESET', 'EOF'];

/** Why nothing is written any more. */
export interface LostOutput {
  /** The system's: `ENOSPC`. */
  readonly code: string;
  /** Nobody reads any more, which is no error: nobody misses what is not written. */
  readonly readerGone: boolean;
}

/**
 * stdout or stderr, whose failing never changes what a program does: when a write fails, because nobody reads
 * any more (EPIPE), or the disk is full, that text and what follows is dropped, and nothing is thrown.
 */
export class Output {
  /** For those who write to a stream themselves: a bar that redraws itself. */
  readonly stream: NodeJS.WriteStream;
  #loss: LostOutput | undefined;
  #pending = 0;
  #waiting: (() => void)[] = [];

  constructor(private readonly target: NodeJS.WriteStream) {
    target.on('error', (error) => this.#lose(error));
    this.stream = Object.create(target, {
      write: {
        value: (text: string | Uint8Array) => {
          this.write(text);
          return true;
        },
      },
    }) as NodeJS.WriteStream;
  }

  get isTTY(): boolean {
    return this.target.isTTY;
  }

  /** Of a terminal: how many characters fit in a line. */
  get columns(): number | undefined {
    return this.isTTY ? this.target.columns : undefined;
  }

  /** What went wrong, if something did. */
  get loss(): LostOutput | undefined {
    return this.#loss;
  }

  /** Never throws. */
  write(text: string | Uint8Array): void {
    if (this.#loss) return;
    this.#pending++;
    try {
      this.target.write(text, (error) => {
        if (error) this.#lose(error);
        this.#pending--;
        this.#wake();
      });
    } catch (error) {
      this.#lose(error);
    }
  }

  /** Resolves when all is written, or lost. */
  async settled(): Promise<LostOutput | undefined> {
    while (this.#pending > 0 && !this.#loss)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#loss;
  }

  #lose(error: unknown): void {
    const { code } = Object(error) as { code?: unknown };
    const known = typeof code === 'string' ? code : 'unknown error';
    // A terminal that was closed answers with EIO.
    const readerGone = READER_GONE.includes(known) || (known === 'EIO' && this.isTTY);
    this.#loss ??= { code: known, readerGone };
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
