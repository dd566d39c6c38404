import { CommanderError } from 'commander';
import type { Run } from './commands/command';
import { createContext } from './context';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code';
import { failureDocument, failureText } from './failure';
import { Interruption } from './interruption';
import { createProgram } from './program';
import { styleFor } from './style';

const { stdout, stderr, argv, env: environment } = process;

// A reader that has seen enough (`| head`) is no error.
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? undefined : EXIT.unusable),
  );

const options = { json: argv.includes('--json'), quiet: argv.includes('--quiet') };
const interruption = new Interruption((line) => stderr.write(`${line}\n`));
void main();

async function main(): Promise<void> {
  let written = '';
  const program = createProgram(run, {
    writeOut: (text) => {
      if (options.json) written += text;
      else stdout.write(text);
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
    end(asked ? EXIT.valid : EXIT.unusable);
  }
}

async function run(...[command, work]: Parameters<Run>): Promise<void> {
  const context = createContext({ stdout, stderr, environment }, options, interruption);
  try {
    const { exitCode, document } = await work(context);
    if (options.json) print({ ok: exitCode === EXIT.valid, command, ...document });
    end(exitCode);
  } catch (error) {
    fail(error, command);
  }
}

function fail(error: unknown, command?: string): void {
  const debug = !!environment.SOLVENT_DEBUG;
  if (options.json) print(failureDocument(error, command));
  if (!options.json || debug)
    stderr.write(`${styleFor(stderr, environment).cross} ${failureText(error, debug)}\n`);
  end(exitCodeOf(error, interruption.stoppedBy));
}

function print(document: object): void {
  stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** The program ends by itself once everything is written. */
function end(code: ExitCode): void {
  process.exitCode = code;
}
