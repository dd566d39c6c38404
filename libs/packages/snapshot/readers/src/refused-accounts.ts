import { SolventError } from '@solvent-por/kzg';

/** So many are named. */
const NAMED = 20;

/** Accounts that cannot be proved, gathered over an input so that one run names all of them. */
export class RefusedAccounts {
  private readonly named: SolventError[] = [];
  private count = 0;

  add(error: SolventError): void {
    this.count++;
    if (this.named.length < NAMED) this.named.push(error);
  }

  get first(): SolventError | undefined {
    return this.named[0];
  }

  /**
   * The error to be thrown where reading ended in one: it, or the first of those gathered with all their
   * reasons.
   * @param located adds a line to an error
   */
  async all(error: unknown, located: (error: SolventError) => Promise<unknown>): Promise<unknown> {
    if (!(error instanceof SolventError)) return error;
    // Not a fault of the input.
    if (!this.first || error.details.reason === undefined) return located(error);
    // Whoever reads it meets the faults in the order in which they stand.
    if (error !== this.first) this.add(error);
    if (this.count === 1) return located(error);
    const named: unknown[] = [];
    for (const one of this.named) named.push(await located(one));
    const errors = named.filter((one) => one instanceof SolventError);
    const [first] = errors;
    if (!first) return error;
    const more = this.count - errors.length;
    const lines = [...errors.map(({ message }) => message), ...(more > 0 ? [`… and ${more} more`] : [])];
    return new SolventError(
      first.code,
      first.kind,
      `${this.count} accounts cannot be proved, and none is left out, for that would hide what they are owed:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      { ...first.details, refused: this.count },
    );
  }
}
