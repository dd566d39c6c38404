import type { Command } from 'commander';
import { integerArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { connect, withConnection, type ConnectionOptions } from '../service/connection';
import { isReservesFinished, presentReserves, reservesShare, sayServed } from '../service/reserves';
import { watch } from '../service/watch';
import { examples, type Run } from './command';

interface RequestArguments extends ConnectionOptions {
  readonly source: string;
}

interface WatchArguments extends ConnectionOptions {
  readonly interval: number;
}

/** `solvent reserves request`, `show`, `watch`: against the services. */
export function registerReservesService(reserves: Command, run: Run): void {
  withConnection(
    reserves
      .command('request')
      .summary('ask the services to judge and publish reserves')
      .description(
        'Asks the services to judge reserves line by line and to publish them beside a snapshot, which may be published later. Needs an operator’s API key. The same request again changes nothing; reserves that failed are tried anew, those that are published stay.',
      )
      .argument('<ID>', 'the snapshot whose liabilities they are compared with')
      .requiredOption(
        '--source <PATH>',
        "the folder that `solvent reserves build` wrote: a path below ingest's source folder",
      ),
  )
    .addHelpText('after', examples('solvent reserves request nov-2026 --source nov-2026/reserves'))
    .action((id: string, options: RequestArguments) =>
      run('reserves request', (context) => request(id, options, context)),
    );
  withConnection(
    reserves
      .command('show')
      .summary('what the services say of published reserves')
      .description(
        'Shows what the services say of the reserves beside a snapshot: what is proved, checked and claimed, and whether it covers what is owed. It is their word: `solvent fetch reserves` and `solvent verify-reserves` need nobody’s. Exit code 1 where they have failed.',
      )
      .argument('<ID>', 'the snapshot'),
  )
    .addHelpText('after', examples('solvent reserves show nov-2026'))
    .action((id: string, options: ConnectionOptions) =>
      run('reserves show', (context) => show(id, options, context)),
    );
  withConnection(
    reserves
      .command('watch')
      .summary('how far reserves are, until they are published')
      .description(
        'Stays until the reserves of a snapshot are published (exit code 0) or have failed (1). Needs an operator’s API key.',
      )
      .argument('<ID>', 'the snapshot')
      .option('--interval <SECONDS>', 'between two looks', integerArgument(1, 3600), 2),
  )
    .addHelpText('after', examples('solvent reserves watch nov-2026'))
    .action((id: string, options: WatchArguments) =>
      run('reserves watch', (context) => watchUntilEnd(id, options, context)),
    );
}

async function request(id: string, options: RequestArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { ask } = await connect(options, context);
  const { reserves, created } = await ask((client) =>
    client.requestReserves({ snapshotId: id, source: options.source }),
  );
  if (!created) say(`${style.bullet} they had been requested before: nothing is changed`);
  const outcome = sayServed(reserves, undefined, context);
  say('Next:');
  say(`  solvent reserves watch ${reserves.snapshot}`);
  return { ...outcome, document: { created, ...outcome.document } };
}

async function show(id: string, options: ConnectionOptions, context: Context): Promise<Outcome> {
  const { ask } = await connect(options, context);
  const reserves = presentReserves(await ask((client) => client.reserves(id)), id);
  const solvency = await ask((client) => client.solvency(id));
  return sayServed(reserves, solvency ?? undefined, context);
}

async function watchUntilEnd(id: string, options: WatchArguments, context: Context): Promise<Outcome> {
  const { ask, client } = await connect(options, context);
  const look = async () => presentReserves(await client.reserves(id, { signal: context.signal }), id);
  const first = presentReserves(await ask((asker) => asker.reserves(id)), id);
  const watching = { first, look, label: 'judging', interval: options.interval };
  const last = isReservesFinished(first)
    ? first
    : await watch({ ...watching, isFinished: isReservesFinished, share: reservesShare }, context);
  const solvency = last.state === 'PUBLISHED' ? await ask((asker) => asker.solvency(id)) : undefined;
  return sayServed(last, solvency ?? undefined, context);
}
