import type { Output } from '@solvent-por/shared/terminal';
import type { ExitCode } from './exit-code';
import { progressBar, progressLines, SILENT, type Progress } from './progress';
import { screenOf, type Screen } from './screen';
import { styleFor, type Style } from './style';

/** What a command gives back: the one document of `--json`, and how the program ends. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** Members beside `ok` and `command`; amounts are strings. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Under `--json` the document is one line, for those who read the last one. */
  readonly oneLine?: true;
  /**
   * What to do where what was said could not be shown, of a command whose success is that somebody saw it (a
   * new key): whoever left, it is then no success.
   */
  readonly unseen?: string;
}

/** The world as a command sees it. */
export interface Context {
  readonly style: Style;
  /** Of stdout. */
  readonly screen: Screen;
  /** What is said to people on stdout; nothing under `--json` or `--quiet`. */
  say(line?: string): void;
  /** The one thing a command was called for, such as a new secret: on stdout even under `--quiet`. */
  result(line: string): void;
  /** A refusal, which `--quiet` shows too (on stderr). */
  complain(line: string): void;
  progress(label: string): Progress;
  /** Ctrl-C. Commands that can stop in good order listen to it after calling `interruptible`. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From here on Ctrl-C only sets `signal`, and says so; a second one ends the program at once. */
  interruptible(message: string): void;
}

export interface Streams {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Writes what the command was called for on stdout. */
  readonly answer: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

export function createContext(
  { stdout, stderr, environment, answer }: Streams,
  { json, quiet }: OutputOptions,
  interruption: Pick<Context, 'signal' | 'interruptible'>,
): Context {
  const style = styleFor(stdout, environment);
  const silent = json || quiet;
  return {
    style,
    screen: screenOf(stdout),
    environment,
    ...interruption,
    say: (line = '') => {
      if (!silent) stdout.write(`${line}\n`);
    },
    result: (line) => {
      if (!json) answer(`${line}\n`);
    },
    complain: (line) => {
      if (json) return;
      (quiet ? stderr : stdout).write(`${line}\n`);
    },
    progress: (label) => {
      if (quiet) return SILENT;
      if (stderr.isTTY && environment.TERM !== 'dumb') return progressBar(label, stderr.stream);
      return json ? SILENT : progressLines(label, (line) => stderr.write(`${line}\n`));
    },
  };
}
