import { SolventError } from '@solvent-por/kzg';
import type { Reserves, Solvency } from '@solvent-por/client';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { count, plural, printable, readableAmount } from '../format';

/** Whether nothing more happens to them unless they are asked for again. */
export function isReservesFinished({ state }: Reserves): boolean {
  return state === 'PUBLISHED' || state === 'FAILED';
}

/** How many lines are judged. */
export function reservesShare({
  lines,
  operations,
}: Reserves): readonly [done: number, of: number] | undefined {
  return lines === null || operations === null ? undefined : [operations.linesJudged, lines];
}

/** @throws SolventError RESERVES_NOT_FOUND (usage) */
export function presentReserves(reserves: Reserves | null, id: string): Reserves {
  if (reserves) return reserves;
  throw new SolventError(
    'RESERVES_NOT_FOUND',
    'usage',
    `there are no reserves beside ${shellWord(id)} here, or not for everybody yet: an operator's key shows those that are being judged, and \`solvent reserves request\` asks for some`,
  );
}

/** Says what the services say, and nothing greener than that. Exit code 1 for reserves that failed. */
export function sayServed(reserves: Reserves, solvency: Solvency | undefined, context: Context): Outcome {
  const { say, complain, style } = context;
  const { snapshot, state, lines, operations } = reserves;
  const document = { reserves, ...(solvency && { solvency }) };
  if (state === 'FAILED') {
    const { code, message } = failureOf(reserves);
    complain(
      `${style.cross} the reserves of ${snapshot} have failed: ${printable(message)} (${printable(code)})`,
    );
    return { exitCode: EXIT.invalid, document: { ...failureOf(reserves), ...document } };
  }
  const far =
    lines === null ? '' : `, ${count(operations?.linesJudged ?? lines)} of ${plural(lines, 'line')} judged`;
  say(`${state === 'PUBLISHED' ? style.tick : style.bullet} reserves of ${snapshot}: ${state}${far}`);
  if (state !== 'PUBLISHED') return { exitCode: EXIT.valid, document };
  say('The services say so:');
  for (const { symbol, scale, proved, checked, claimed } of reserves.assets ?? []) {
    const [p, c, w] = [proved, checked, claimed].map((amount) => readableAmount(BigInt(amount), scale));
    say(`  ${printable(symbol)}: ${p} proved, ${c} checked, ${w} claimed`);
  }
  for (const note of reserves.notes ?? []) say(`${style.warning} ${printable(note)}`);
  if (solvency) {
    const word = solvency.verdict.toLowerCase().replaceAll('_', ' ');
    say(
      `Compared with what is owed: ${word}${solvency.by ? ` by what is ${solvency.by.toLowerCase()}` : ''}`,
    );
  }
  say('Next, without their word:');
  say(`  solvent fetch reserves --snapshot ${snapshot} --output ${snapshot}`);
  return { exitCode: EXIT.valid, document };
}

function failureOf({ operations }: Reserves): Readonly<Record<string, string | number>> & {
  readonly code: string;
  readonly message: string;
} {
  const failure = operations?.failure;
  if (!failure) return { code: 'RESERVES_FAILED', message: 'the reason is for operators alone' };
  const { code, message, line } = failure;
  return { code, message, ...(line !== null && { line }) };
}
