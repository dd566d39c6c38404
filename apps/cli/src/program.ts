import { Command } from 'commander';
import { registerApiKey } from './commands/api-key';
import { registerCeremony } from './commands/ceremony';
import { registerCheck } from './commands/check';
import { registerClaim } from './commands/claim';
import type { Run } from './commands/command';
import { registerCompare } from './commands/compare';
import { registerConfig } from './commands/config';
import { registerCheckBalance } from './commands/check-balance';
import { registerAudit } from './commands/audit';
import { registerDb } from './commands/db';
import { registerFetch } from './commands/fetch';
import { registerGenerate } from './commands/generate';
import { registerIds } from './commands/ids';
import { registerInspect } from './commands/inspect';
import { registerKeys } from './commands/keys';
import { registerNormalise } from './commands/normalise';
import { registerProve } from './commands/prove';
import { registerProveUser } from './commands/prove-user';
import { registerReport } from './commands/report';
import { registerReserves } from './commands/reserves';
import { registerSnapshot } from './commands/snapshot';
import { registerVerify } from './commands/verify';
import { registerVerifyEvidence } from './commands/verify-evidence';
import { registerVerifyGlobal } from './commands/verify-global';
import { registerVerifyReserves } from './commands/verify-reserves';
import { registerVerifyUser } from './commands/verify-user';
import { registerVersion } from './commands/version';
import { VERSION } from './package-version';

/** Where commander's own words go. */
export interface ProgramOutput {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

const EXIT_CODES =
  '0 everything given is valid; 1 invalid; 2 usage, unreadable or malformed; 3 evidence that a node must confirm or that this version does not judge; 130 stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP). ' +
  'They hold whatever becomes of the output (`| head`), but 0 is not given where --json could not be written, to a full disk say.';

/** Commander wraps all of a help text but what is added to it. */
function exitCodes(command: Command): string {
  const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
  return command
    .createHelp()
    .boxWrap(EXIT_CODES, width - 2)
    .replace(/^/gm, '  ');
}

/** The tree of commands. Parsing throws CommanderError instead of ending the program. */
export function createProgram(run: Run, output: ProgramOutput): Command {
  const program = new Command('solvent')
    .description(
      'Proof of liabilities that every user can check: prove a snapshot of balances, verify all of it or one account.',
    )
    .option('--json', 'print one JSON document on stdout, errors too')
    .option('--quiet', 'no progress, nothing but what is wrong')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(true)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput(output)
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText('after', ({ command }) => `\nExit codes:\n${exitCodes(command)}`);
  // In the order in which they are used.
  registerGenerate(program, run);
  registerConfig(program, run);
  registerIds(program, run);
  registerCheck(program, run);
  registerProve(program, run);
  registerProveUser(program, run);
  registerVerifyGlobal(program, run);
  registerVerifyUser(program, run);
  registerVerify(program, run);
  registerVerifyReserves(program, run);
  registerReport(program, run);
  registerVerifyEvidence(program, run);
  registerCheckBalance(program, run);
  registerReserves(program, run);
  registerClaim(program, run);
  registerCeremony(program, run);
  registerCompare(program, run);
  registerInspect(program, run);
  registerNormalise(program, run);
  registerKeys(program, run);
  registerSnapshot(program, run);
  registerFetch(program, run);
  registerApiKey(program, run);
  registerDb(program, run);
  registerAudit(program, run);
  registerVersion(program, run);
  return program;
}
