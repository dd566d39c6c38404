import { SolventError } from '@solvent-por/kzg';

/** How long one answer may still grow. */
export class AnswerBudget {
  #left: number;

  /** @param most bytes of the whole answer */
  constructor(private readonly most: number) {
    this.#left = most;
  }

  get exceeded(): boolean {
    return this.#left < 0;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  /** @throws SolventError ANSWER_TOO_LARGE */
  check(json?: string): void {
    if (json !== undefined && json.length > this.most) this.#left = -1;
    if (this.exceeded) throw this.#refusal();
  }

  #refusal(): SolventError<'ANSWER_TOO_LARGE'> {
    return new SolventError(
      'ANSWER_TOO_LARGE',
      'usage',
      `the answer would have more than ${this.most} bytes: ask for fewer fields or shorter pages, or in several requests`,
      { maxBytes: this.most },
    );
  }
}
