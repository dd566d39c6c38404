import { ending } from './unfinished';
import { SolventError } from '@solvent-por/kzg';
import { lastWord, Output } from '@solvent-por/shared/terminal';
import { CommanderError } from 'commander';
import type { Run } from './commands/command';
import { createContext } from './context';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code';
import { failureDocument, failureText } from './failure';
import { Interruption } from './interruption';
import { createProgram } from './program';
import { styleFor } from './style';

const { argv, env: environment } = process;
const [stdout, stderr] = [new Output(process.stdout), new Output(process.stderr)];
const options = { json: argv.includes('--json'), quiet: argv.includes('--quiet') };
const debug = !!environment.SOLVENT_DEBUG;
const interruption = new Interruption((line) => stderr.write(`${line}\n`));
/** Whether what is on stdout is what the command was called for, and not only said to people. */
let answered = false;

ending.report = (error) => {
  const failure =
    error ??
    new SolventError(
      'UNFINISHED',
      'internal',
      'the program ended before it had a result: this is a bug, please report it',
    );
  if (options.json) lastWord(1, documentText(failureDocument(failure)));
  if (!options.json || debug) lastWord(2, failureLine(failure));
};
void main();

async function main(): Promise<void> {
  let written = '';
  const program = createProgram(run, {
    writeOut: (text) => {
      if (options.json) written += text;
      else answer(text);
    },
    writeErr: (text) => {
      if (!options.json) stderr.write(text);
    },
  });
  try {
    if (argv.length <= 2) program.help({ error: true });
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) return fail(error);
    // Help and version end with 0; whatever else commander refuses has been explained on stderr.
    const asked = error.exitCode === 0;
    const message = error.message.replace(/^error: /, '');
    if (options.json && asked) print({ ok: true, text: written });
    else if (options.json) print({ ok: false, code: 'USAGE', kind: 'usage', message, details: {} });
    await end(asked ? EXIT.valid : EXIT.unusable);
  }
}

async function run(...[command, work]: Parameters<Run>): Promise<void> {
  const context = createContext({ stdout, stderr, environment, answer }, options, interruption);
  try {
    const { exitCode, document, unseen, oneLine } = await work(context);
    const whole = { ok: exitCode === EXIT.valid, command, ...document };
    if (options.json && oneLine) answer(`${JSON.stringify(whole)}\n`);
    else if (options.json) print(whole);
    await end(exitCode, unseen);
  } catch (error) {
    await fail(error, command);
  }
}

async function fail(error: unknown, command?: string): Promise<void> {
  if (options.json) print(failureDocument(error, command));
  if (!options.json || debug) stderr.write(failureLine(error));
  await end(exitCodeOf(error, interruption.stoppedBy));
}

function print(document: object): void {
  answer(documentText(document));
}

function answer(text: string): void {
  answered = true;
  stdout.write(text);
}

function documentText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function failureLine(error: unknown): string {
  return `${styleFor(stderr, environment).cross} ${failureText(error, debug)}\n`;
}

/**
 * The program ends by itself once everything is written. What becomes of the text changes no code, but for
 * this: 0 is never given where what the command was called for (the document of --json, a new key) could not
 * be written, unless it was the reader who left, who needs none of it. A new key is needed.
 * @param unseen see Outcome
 */
async function end(code: ExitCode, unseen?: string): Promise<void> {
  if (code !== EXIT.valid || unseen !== undefined) ending.decide(code || EXIT.unusable);
  const loss = await stdout.settled();
  const lost = loss && (unseen !== undefined || (!loss.readerGone && answered));
  if (loss && (lost || !loss.readerGone)) {
    const then = unseen === undefined ? '' : `: ${unseen}`;
    stderr.write(
      `${styleFor(stderr, environment).cross} stdout could not be written (${loss.code})${then}\n`,
    );
  }
  ending.decide(code === EXIT.valid && lost ? EXIT.unusable : code);
}
