import { Option, type Command } from 'commander';
import { SolventError } from '@solvent-por/kzg';
import { lossesBetween, mayLieBetween, type Loss, type Manifest } from '@solvent-por/verifier';
import type { Context } from './context';
import { printable } from './format';

/** What a snapshot shows, compared with an earlier one. */
export interface Comparison {
  readonly earlier: { readonly snapshot: string; readonly takenAt: string };
  readonly losses: readonly Loss[];
  /** Others may lie between the two: whether a month was skipped is not known. */
  readonly monthsChecked: boolean;
}

export interface RequireOptions {
  readonly require?: 'no-less';
}

export function withRequire(command: Command): Command {
  return command.addOption(
    new Option('--require <what>', 'no-less: exit code 1 where less is shown than before').choices([
      'no-less',
    ]),
  );
}

/** Compares with the newest of the manifests that are earlier; undefined where there is none. */
export function comparedWith(manifest: Manifest, known: readonly Manifest[]): Comparison | undefined {
  const [earlier] = known
    .filter(({ header }) => header.takenAt < manifest.header.takenAt)
    .sort((a, b) => (a.header.takenAt < b.header.takenAt ? 1 : -1));
  return earlier && compared(earlier, manifest);
}

export function compared(earlier: Manifest, later: Manifest): Comparison {
  const { snapshot, takenAt } = earlier.header;
  return {
    earlier: { snapshot, takenAt },
    losses: lossesBetween(earlier, later),
    monthsChecked: !mayLieBetween(earlier, later),
  };
}

/** @returns whether it is no less */
export function sayComparison(
  { earlier, losses, monthsChecked }: Comparison,
  { say, complain, style }: Context,
  required: boolean,
): boolean {
  const before = `${earlier.snapshot} (${earlier.takenAt})`;
  const line = required ? complain : say;
  for (const { code, message } of losses)
    line(`${required ? style.cross : style.warning} LESS than ${before}: ${printable(message)} (${code})`);
  if (losses.length === 0) say(`${style.tick} shows no less than ${before}`);
  if (!monthsChecked)
    say(
      `${style.warning} NOT checked whether months were skipped since ${before}: other manifests lie between`,
    );
  return losses.length === 0;
}

/** @throws SolventError OPTIONS (usage): there is nothing to compare with */
export function refuseNothingToCompare(options: RequireOptions, comparison: Comparison | undefined): void {
  if (options.require !== undefined && !comparison)
    throw new SolventError(
      'OPTIONS',
      'usage',
      '--require no-less compares with an earlier manifest: give one with --previous',
    );
}
