import { malformedAnswer } from '../failure';

/** Satoshis and their like. */
export const DECIMALS = 8;
/** Outputs and inputs of one address: what goes beyond would need a node that keeps balances. */
const MOST_EVENTS = 4_000_000;

/** One transaction in a block that is not above the stated one. */
export interface HistoryEntry {
  readonly id: string;
  /** Each output's script in hex, and its amount in the smallest unit. */
  readonly outputs: readonly { readonly script: string; readonly amount: bigint }[];
  /** Outputs that it spends, as `transaction:index`. */
  readonly spends: readonly string[];
}

/**
 * What an address had at a height, from its whole history: all outputs to its script less those that were
 * spent, in whatever order they come.
 */
export class Replay {
  private readonly seen = new Set<string>();
  private readonly outputs = new Map<string, bigint>();
  private readonly spent = new Set<string>();

  /** @param script of the address, in hex */
  constructor(private readonly script: string) {}

  /** Takes a transaction, once. @throws NodeFailure NODE_ANSWER_MALFORMED */
  add({ id, outputs, spends }: HistoryEntry): void {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    outputs.forEach(({ script, amount }, index) => {
      if (script === this.script) this.outputs.set(`${id}:${index}`, amount);
    });
    for (const output of spends) this.spent.add(output);
    if (this.outputs.size + this.spent.size > MOST_EVENTS)
      malformedAnswer('an address has a longer history than can be replayed: use a node that scans outputs');
  }

  balance(): bigint {
    let sum = 0n;
    for (const [output, amount] of this.outputs) if (!this.spent.has(output)) sum += amount;
    return sum;
  }
}
