import { SolventError } from '@solvent-por/kzg';
import type { Command } from 'commander';
import type { Context, Outcome } from '../context';
import { databaseUrl, environmentSecret, secretIn } from '../database/environment';
import { auditTrail, explained, loadPersistence, withDatabase } from '../database/with-database';
import { EXIT } from '../exit-code';
import { count, plural, printable } from '../format';
import { examples, type Run } from './command';

const ENVIRONMENT =
  'Reads SOLVENT_DATABASE_URL (or SOLVENT_DATABASE_URL_FILE), as the services do; no gateway is needed.';

export function registerDb(program: Command, run: Run): void {
  const db = program
    .command('db')
    .summary("operators: the services' database")
    .description(`Works on the services' database directly. ${ENVIRONMENT}`);
  db.command('migrate')
    .summary('make or bring up to date the tables')
    .description(
      `Applies the migrations that are missing, each in its order, under a lock: two at once do no harm, and a second run does nothing. Then each service's role gets the rights that it needs, and loses all others. To be run as the owner, solvent_migrator. ${ENVIRONMENT}`,
    )
    .addHelpText('after', examples('solvent db migrate'))
    .action(() => run('db migrate', migrate));
  db.command('roles')
    .summary("make the services' roles")
    .description(
      'Makes the roles that own the database (solvent_migrator) and that services connect as (solvent_gateway, solvent_ingest, solvent_prover, solvent_signer), none of them a superuser, with the passwords in the addresses that these files hold: those that migration and services are given. ' +
        'To be run as a superuser, or as a role that may make roles and owns the database; again it sets passwords anew. Then run `solvent db migrate`. ' +
        ENVIRONMENT,
    )
    .argument('<FILE...>', 'five files, each with the address of the database as one role')
    .addHelpText('after', examples('solvent db roles secrets/database_url_*'))
    .action((files: string[]) => run('db roles', (context) => roles(files, context)));
  db.command('retention')
    .summary("drop a snapshot's private data")
    .description(
      "Drops what could answer look-ups of a finished snapshot (accounts, witness, inclusion proofs, sealed bundle), for good. Manifest and global proof, which are published, stay. Users' own proof files stay valid. " +
        ENVIRONMENT,
    )
    .requiredOption('--snapshot <ID>', 'a published or failed snapshot')
    .option('--yes', 'do it: nothing brings the data back')
    .addHelpText('after', examples('solvent db retention --snapshot nov-2025 --yes'))
    .action((options: RetentionArguments) => run('db retention', (context) => retention(options, context)));
  db.command('rotate-key')
    .summary('seal private data under the current witness key')
    .description(
      'Seals anew what is sealed under an older key, while the services run. First make SOLVENT_WITNESS_KEYS name the new key first and the old ones after it, everywhere; when this is done, ' +
        `remove the old ones. A run that was stopped goes on when it is repeated. Reads SOLVENT_WITNESS_KEYS (or SOLVENT_WITNESS_KEYS_FILE) too. ${ENVIRONMENT}`,
    )
    .addHelpText('after', examples('solvent db rotate-key'))
    .action(() => run('db rotate-key', rotateKey));
}

async function migrate({ environment, say, style }: Context): Promise<Outcome> {
  const url = databaseUrl(environment);
  const persistence = await loadPersistence();
  const { applied, withoutRole } = await explained(persistence, () => persistence.migrate(url));
  for (const name of applied) say(`${style.tick} applied ${name}`);
  if (applied.length === 0) say(`${style.tick} the database is up to date`);
  if (withoutRole.length > 0)
    say(`No role for ${withoutRole.join(', ')}: \`solvent db roles\` makes them, then migrate again`);
  else say(`${style.tick} each service has its rights, and no others`);
  return { exitCode: EXIT.valid, document: { applied, withoutRole } };
}

async function roles(files: readonly string[], { environment, say, style }: Context): Promise<Outcome> {
  const url = databaseUrl(environment);
  const persistence = await loadPersistence();
  const { DATABASE_ROLES, makeRoles, roleOf } = persistence;
  const given = files.map((file) => roleOf(secretIn(file)));
  const names = Object.keys(DATABASE_ROLES) as Array<keyof typeof DATABASE_ROLES>;
  const passwords = new Map(given.map(({ role, password }) => [role, password]));
  if (given.length !== names.length || passwords.size !== names.length)
    throw new SolventError(
      'OPTIONS',
      'usage',
      `give ${names.length} files, the address of each role once: ${Object.values(DATABASE_ROLES).join(', ')}`,
    );
  const all = Object.fromEntries(passwords) as Record<(typeof names)[number], string>;
  await explained(persistence, () => makeRoles(url, all));
  for (const name of names) say(`${style.tick} ${DATABASE_ROLES[name]}`);
  return { exitCode: EXIT.valid, document: { roles: Object.values(DATABASE_ROLES) } };
}

interface RetentionArguments {
  readonly snapshot: string;
  readonly yes?: true;
}

async function retention({ snapshot: id, yes }: RetentionArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const name = printable(id);
  return withDatabase(context, async (database, persistence) => {
    const { dropPrivateData, SnapshotRepository } = persistence;
    const snapshot = await new SnapshotRepository(database).find(id);
    if (!snapshot) throw new SolventError('SNAPSHOT_NOT_FOUND', 'usage', `there is no snapshot ${name}`);
    if (!yes)
      throw new SolventError(
        'NOT_CONFIRMED',
        'usage',
        `this drops the private data of ${plural(snapshot.accounts ?? 0, 'account')} in ${name} for good: nobody's look-up will be answered any more; add --yes to do it`,
      );
    const action = { actor: 'cli', action: 'snapshot.retention', target: id, details: {} };
    await auditTrail(database, persistence).recorded(action, () => dropPrivateData(database, id));
    say(`${style.tick} the private data of ${name} is dropped; its manifest and global proof stay`);
    return { exitCode: EXIT.valid, document: { snapshot: id, accounts: snapshot.accounts } };
  });
}

async function rotateKey(context: Context): Promise<Outcome> {
  const { environment, say, style } = context;
  const keys = environmentSecret(
    environment,
    'SOLVENT_WITNESS_KEYS',
    'the keys that private data is sealed under, id:0x…[,id:0x…], the current one first',
  );
  return withDatabase(context, async (database, persistence) => {
    const { rotateWitnessKeys, WitnessKeyring } = persistence;
    const keyring = WitnessKeyring.parse(keys);
    const { currentId } = keyring;
    const wanted = { ...(await persistence.sealedUnderOlderKeys(database, keyring)) };
    const sum = (done: typeof wanted) =>
      done.witnesses + done.cells + done.prefixes + done.documents + done.digests;
    const total = sum(wanted);
    const progress = context.progress('sealing anew');
    const action = { actor: 'cli', action: 'witness-key.rotate', target: currentId, details: wanted };
    const { witnesses, cells, prefixes, documents, digests } = await auditTrail(database, persistence)
      .recorded(action, () =>
        rotateWitnessKeys(database, keyring, (done) => progress.update(sum(done), total)),
      )
      .finally(() => progress.stop());
    say(
      `${style.tick} sealed anew: the witness of ${count(witnesses)} batches, the cells of ${count(cells)}, the shard prefixes of ${count(prefixes)}, ${plural(documents, 'inclusion proof')}, the digests of the files of ${plural(digests, 'snapshot')}`,
    );
    say(`Everything is under key ${currentId} now.`);
    return {
      exitCode: EXIT.valid,
      document: { keyId: currentId, witnesses, cells, prefixes, documents, digests },
    };
  });
}
