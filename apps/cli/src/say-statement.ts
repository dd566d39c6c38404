import { parsePlainJson, signedText, standingText, statement } from '@solvent-por/reserves';
import { isUtcTime } from '@solvent-por/verifier';
import type { Context, Outcome } from './context';
import { EXIT } from './exit-code';
import { about, readBounded } from './files';
import { MOST_CONFIG_BYTES, statedOf } from './reserves-config';
import { usage } from './reserves-outcome';

/** The statement of a configuration or a publication, and the texts that keys sign. */
export async function sayStatement(
  file: string,
  named: string | undefined,
  context: Context,
): Promise<Outcome> {
  if (named !== undefined && !isUtcTime(`${named}T00:00:00Z`))
    usage('--named must be a real date, YYYY-MM-DD');
  const bytes = await readBounded(file, MOST_CONFIG_BYTES);
  const value = about(file, () => parsePlainJson(bytes, MOST_CONFIG_BYTES, 'the file'));
  const stated = await statedOf(value, file);
  const document = {
    statement: statement(stated),
    text: signedText(stated),
    ...(named !== undefined && { standing: standingText(stated, named) }),
  };
  const { say, result } = context;
  say('Statement:');
  say(`  ${document.statement}`);
  say('Every key signs this text, without a line break:');
  result(document.text);
  if (document.standing !== undefined) {
    say(`Keys that cannot sign each time may sign this once, for 400 days:`);
    result(document.standing);
  }
  return { exitCode: EXIT.valid, document, oneLine: true };
}
