import type { Command } from 'commander';
import { SolventError } from '@solvent/algebra';
import { integerArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { bundleOutcome, bundleShare, isBundleFinished, presentBundle, sayBundle } from '../service/bundles';
import { connect, withConnection, type ConnectionOptions } from '../service/connection';
import { watch } from '../service/watch';
import { examples, type Run } from './command';

interface SealArguments extends ConnectionOptions {
  readonly keysAreSecret?: true;
  readonly watch?: true;
  readonly interval: number;
}

/** `solvent snapshot seal` */
export function registerSeal(snapshot: Command, run: Run): void {
  withConnection(
    snapshot
      .command('seal')
      .summary("ask for everybody's proofs as static files")
      .description(
        "Asks the services for the sealed bundle of a published snapshot: everybody's proofs as static files, which each user opens with the account key alone. The gateway serves it once it is whole. " +
          'The same again changes nothing, says how far it is, and goes on with one that has failed. With --watch it stays until the bundle is sealed (exit code 0) or has failed (1).',
      )
      .argument('<ID>', 'a published snapshot')
      .option(
        '--keys-are-secret',
        'your word that every account key has 128 bits that nobody can guess: whoever has a bundle can try keys for ever',
      )
      .option('--watch', 'until it is sealed or has failed')
      .option('--interval <SECONDS>', 'between two looks', integerArgument(1, 3600), 2),
  )
    .addHelpText('after', examples('solvent snapshot seal nov-2026 --keys-are-secret --watch'))
    .action((id: string, options: SealArguments) =>
      run('snapshot seal', (context) => seal(id, options, context)),
    );
}

async function seal(id: string, options: SealArguments, context: Context): Promise<Outcome> {
  const { say, style, signal } = context;
  if (!options.keysAreSecret)
    throw new SolventError(
      'SEALED_KEYS',
      'usage',
      'a sealed bundle may be published only where every account key has 128 bits that nobody can guess: whoever has it can try keys for ever. If that is so, say it with --keys-are-secret; if not, users have `solvent fetch inclusion`',
    );
  const { ask, client } = await connect(options, context);
  const { bundle: first, created } = await ask((asker) => asker.sealBundle(id, { keysAreSecret: true }));
  if (!created) say(`${style.bullet} it had been asked for before: nothing is changed`);
  const look = async () => presentBundle(await client.sealedBundle(id, { signal }), id);
  const watching = { first, look, interval: options.interval, label: 'sealing' };
  const bundle =
    options.watch && !isBundleFinished(first)
      ? await watch({ ...watching, isFinished: isBundleFinished, share: bundleShare }, context)
      : first;
  sayBundle(id, bundle, context);
  if (!isBundleFinished(bundle)) {
    say('Next:');
    say(`  solvent snapshot seal ${id} --keys-are-secret --watch`);
  }
  return bundleOutcome(bundle, { created });
}
