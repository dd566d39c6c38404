import type { Command } from 'commander';
import { asRequested } from '@solvent-por/snapshot';
import { loadConfig } from '@solvent-por/snapshot/readers';
import type { Snapshot } from '@solvent-por/client';
import { integerArgument } from '../arguments';
import { withKeyDigests } from '../claim-keys';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { plural } from '../format';
import { connect, withConnection, type ConnectionOptions } from '../service/connection';
import {
  finishedOutcome,
  isFinished,
  present,
  saySnapshot,
  snapshotDocument,
  snapshotLine,
} from '../service/snapshots';
import { watch } from '../service/watch';
import { examples, type Run } from './command';
import { registerSeal } from './snapshot-seal';

/** Most snapshots that are listed without being asked for more. */
const LISTED = 20;

interface RequestArguments extends ConnectionOptions {
  readonly config: string;
  readonly source: string;
}

interface StatusArguments extends ConnectionOptions {
  readonly watch?: true;
  readonly interval: number;
}

interface ListArguments extends ConnectionOptions {
  readonly limit: number;
}

export function registerSnapshot(program: Command, run: Run): void {
  const snapshot = program
    .command('snapshot')
    .summary('snapshots of the services: request, watch, list, seal')
    .description('Snapshots that the services prove.');
  withConnection(
    snapshot
      .command('request')
      .summary('ask the services to prove a snapshot')
      .description(
        'Asks the services to prove and publish a snapshot. Needs an operator’s API key. The same request again changes nothing; one that failed is tried anew. Keys, `previous`, `formerOperator` and `allowFutureDate` of the ' +
          'configuration stay here: the services sign with their own key, follow the snapshot that they published last, and refuse a takenAt later than a day ahead.',
      )
      .requiredOption('--config <FILE>', 'configuration of the snapshot, as for `solvent prove`')
      .requiredOption('--source <PATH>', "the balances: a path below ingest's source folder"),
  )
    .addHelpText(
      'after',
      examples('solvent snapshot request --config nov-2026.json --source nov-2026/accounts'),
    )
    .action((options: RequestArguments) => run('snapshot request', (context) => request(options, context)));
  withConnection(
    snapshot
      .command('status')
      .summary('how far a snapshot is')
      .description(
        'Shows how far a snapshot is. With --watch it stays until the snapshot is published (exit code 0) or has failed (1).',
      )
      .argument('<ID>', 'the snapshot')
      .option('--watch', 'until it is published or has failed')
      .option('--interval <SECONDS>', 'between two looks', integerArgument(1, 3600), 2),
  )
    .addHelpText('after', examples('solvent snapshot status nov-2026 --watch'))
    .action((id: string, options: StatusArguments) =>
      run('snapshot status', (context) => status(id, options, context)),
    );
  withConnection(
    snapshot
      .command('list')
      .summary('snapshots, newest first')
      .description('Lists snapshots, newest first; those not yet published for operators alone.')
      .option('--limit <N>', 'how many', integerArgument(1, 100_000), LISTED),
  )
    .addHelpText('after', examples('solvent snapshot list --endpoint https://proof.example'))
    .action((options: ListArguments) => run('snapshot list', (context) => list(options, context)));
  registerSeal(snapshot, run);
}

async function request(options: RequestArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { config, directory } = await loadConfig(options.config);
  const wanted = asRequested(await withKeyDigests(config, directory, { signs: false }, context));
  const { ask } = await connect(options, context);
  const { snapshot, created } = await ask((client) =>
    client.requestSnapshot({ config: wanted, source: options.source }),
  );
  if (!created) say(`${style.bullet} it had been requested before: nothing is changed`);
  say(`${style.tick} ${snapshotLine(snapshot)}`);
  say('Next:');
  say(`  solvent snapshot status ${snapshot.id} --watch`);
  return { exitCode: EXIT.valid, document: { created, snapshot: snapshotDocument(snapshot) } };
}

async function status(id: string, options: StatusArguments, context: Context): Promise<Outcome> {
  const { ask, client } = await connect(options, context);
  const look = (asker: typeof client) => asker.snapshot(id, { signal: context.signal });
  const first = present(await ask(look), id);
  const watched = options.watch && !isFinished(first);
  const snapshot = watched
    ? await watch(
        {
          first,
          look: async () => present(await look(client), id),
          isFinished,
          share: ({ progress }) =>
            progress?.batches ? [progress.batchesProved, progress.batches] : undefined,
          label: 'proving',
          interval: options.interval,
        },
        context,
      )
    : first;
  saySnapshot(snapshot, context);
  return finishedOutcome(snapshot);
}

async function list(options: ListArguments, context: Context): Promise<Outcome> {
  const { say } = context;
  const { ask } = await connect(options, context);
  const snapshots: Snapshot[] = [];
  let after: string | null = null;
  do {
    const first = Math.min(options.limit - snapshots.length, 50);
    const page = await ask((client) => client.snapshotPage({ first, after }));
    snapshots.push(...page.items);
    after = page.next;
  } while (after !== null && snapshots.length < options.limit);
  for (const snapshot of snapshots) say(snapshotLine(snapshot));
  if (snapshots.length === 0) say('no snapshot has been published yet');
  else if (after !== null) say(`(${plural(snapshots.length, 'snapshot')}; there are more: --limit)`);
  return {
    exitCode: EXIT.valid,
    document: { snapshots: snapshots.map(snapshotDocument), more: after !== null },
  };
}
