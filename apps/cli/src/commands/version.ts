import type { Command } from 'commander';
import { loadCommitter, nativeVerifier, SETUP_DIGEST } from '@solvent-por/kzg/native';
import { PROTOCOL } from '@solvent-por/verifier';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { VERSION } from '../package-version';
import { examples, type Run } from './command';

export function registerVersion(program: Command, run: Run): void {
  program
    .command('version')
    .summary('show versions and the libraries in use')
    .description('Shows the version, and which libraries compute commitments and pairings on this machine.')
    .addHelpText('after', examples('solvent version --json'))
    .action(() => run('version', version));
}

async function version({ say, complain, style }: Context): Promise<Outcome> {
  const committer = await loadCommitter({ onWarning: (message) => complain(`${style.warning} ${message}`) });
  const document = {
    version: VERSION,
    protocol: PROTOCOL,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    committer: committer.name,
    verifier: nativeVerifier().name,
    setUp: SETUP_DIGEST,
  };
  say(`solvent ${document.version} (${document.protocol})`);
  say(`node ${document.node}, ${document.platform}`);
  say(`commitments by ${document.committer}, verification by ${document.verifier}`);
  say(`KZG set-up of Ethereum's mainnet, checked: ${document.setUp}`);
  return { exitCode: EXIT.valid, document };
}
