import { InvalidArgumentError, type Command } from 'commander';
import type { Context, Outcome } from '../context';
import { withDatabase } from '../database/with-database';
import { EXIT } from '../exit-code';
import { plural } from '../format';
import { examples, type Run } from './command';

export function registerAudit(program: Command, run: Run): void {
  const audit = program
    .command('audit')
    .summary('operators: what was done with the services')
    .description('The audit of the services: each line binds the one before, and none can be changed.');
  audit
    .command('verify')
    .summary('check that no line was changed or taken out')
    .description(
      'Recomputes the digest of every line from the one before, and shows the last. Note it where the database is not: given to a later run, it shows whether lines were taken off the end, or all of them written anew. Reads SOLVENT_DATABASE_URL (or SOLVENT_DATABASE_URL_FILE); no gateway is needed.',
    )
    .option('--noted <HEX>', 'a digest that an earlier run showed', digestArgument)
    .addHelpText('after', examples('solvent audit verify --noted 5f0c…'))
    .action((options: { noted?: string }) =>
      run('audit verify', (context) => verify(options.noted, context)),
    );
}

async function verify(noted: string | undefined, context: Context): Promise<Outcome> {
  const { say, style } = context;
  return withDatabase(context, async (database, { verifyAudit }) => {
    const verdict = await verifyAudit(database, noted);
    const { valid, lines, head, brokenAt } = verdict;
    if (brokenAt !== null)
      say(
        `${style.cross} line ${brokenAt} is not what was written: ${plural(lines, 'line')} before it hold; compare it with a backup`,
      );
    else {
      say(`${style.tick} ${plural(lines, 'line')}, each binds the one before`);
      if (verdict.noted === false)
        say(
          `${style.cross} none of them has the digest that was noted: lines are missing, or the whole was written anew; compare it with a backup`,
        );
      say(`Digest of the last: ${head}`);
    }
    return { exitCode: valid ? EXIT.valid : EXIT.invalid, document: { ...verdict } };
  });
}

function digestArgument(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError('It must be 64 hex digits in lower case.');
  return text;
}
