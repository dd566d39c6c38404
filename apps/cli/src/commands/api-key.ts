import { rm } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { SolventError } from '@solvent-por/kzg';
import { shellWord } from '@solvent-por/shared/terminal';
import { collect } from '../arguments';
import type { Context, Outcome } from '../context';
import { auditTrail, loadPersistence, withDatabase } from '../database/with-database';
import { EXIT } from '../exit-code';
import { plural, printable } from '../format';
import { newSecretFile } from '../new-secret-file';
import { examples, type Run } from './command';

const ROLES = ['partner', 'auditor', 'operator'] as const;
type Role = (typeof ROLES)[number];

const ENVIRONMENT =
  'Works on the database directly (SOLVENT_DATABASE_URL or SOLVENT_DATABASE_URL_FILE): so the first operator gets a key.';

interface NewArguments {
  readonly name: string;
  readonly role: Role;
  readonly expires?: Date;
  readonly partner?: readonly string[];
  readonly output?: string;
}

export function registerApiKey(program: Command, run: Run): void {
  const keys = program
    .command('api-key')
    .summary("operators: keys of the services' API")
    .description(`Keys of the services' API. ${ENVIRONMENT}`);
  keys
    .command('new')
    .summary('make a key; it is shown once')
    .description(`Makes an API key and shows it, once: only its hash is kept. ${ENVIRONMENT}`)
    .requiredOption('--name <TEXT>', 'whose key it is, for the list', nameArgument)
    .addOption(
      new Option('--role <ROLE>', 'what it may do: each role all that those before it may')
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .option('--expires <DATE|Nd>', 'when it ends: 2027-06-30, or 90d for in 90 days', expiryArgument)
    .option(
      '--partner <NAME>',
      'a name that it may ask for private claims in, as lender.example; give it to one partner alone. May be repeated',
      collect,
    )
    .option('--output <FILE>', 'write the key into a new file that only you can read, instead of showing it')
    .addHelpText(
      'after',
      examples('solvent api-key new --name "the wallet app" --role partner --expires 365d'),
    )
    .action((options: NewArguments) => run('api-key new', (context) => create(options, context)));
  keys
    .command('list')
    .summary('list keys, without secrets')
    .description(`Lists all keys, those that ended too; secrets are not kept. ${ENVIRONMENT}`)
    .addHelpText('after', examples('solvent api-key list --json'))
    .action(() => run('api-key list', list));
  keys
    .command('revoke')
    .summary('end a key at once')
    .description(`Revokes a key. Gateways notice within seconds. ${ENVIRONMENT}`)
    .argument('<ID>', 'the part of slv_<id>_… between the underscores, as the list shows it')
    .addHelpText('after', examples('solvent api-key revoke 3f9a61c2b04d57e8'))
    .action((id: string) => run('api-key revoke', (context) => revoke(id, context)));
}

async function create(
  { name, role, expires, partner = [], output }: NewArguments,
  context: Context,
): Promise<Outcome> {
  const { say, result, style } = context;
  return withDatabase(context, async (database, persistence) => {
    // The file first: a key that could not be written would be lost.
    const file = output === undefined ? undefined : await newSecretFile(output);
    try {
      const keys = new persistence.ApiKeyRepository(database);
      const named = partner.length > 0 && { partners: partner.join(', ').slice(0, 200) };
      const details = { role, expiresAt: expires?.toISOString() ?? null, ...named };
      const action = { actor: 'cli', action: 'api-key.create', target: name, details };
      const { id, key } = await auditTrail(database, persistence).recorded(
        action,
        () =>
          keys.create({
            name,
            role: role.toUpperCase() as Uppercase<Role>,
            ...{ partners: partner, createdBy: 'cli' },
            ...(expires && { expiresAt: expires }),
          }),
        (made) => made.id,
      );
      await file?.writeFile(`${key}\n`);
      const until = expires ? `until ${expires.toISOString()}` : 'without an end';
      say(`${style.tick} key ${id} for ${printable(name)} (${role}), ${until}`);
      if (partner.length > 0) say(`It may ask for private claims as ${partner.map(printable).join(', ')}`);
      if (output === undefined) {
        say('It is shown this once; whoever has it is taken for its owner:');
        result(key);
      } else say(`written into ${shellWord(output)} (mode 0600); give it with --api-key-file`);
      return {
        exitCode: EXIT.valid,
        document: {
          id,
          name,
          role,
          partners: partner,
          expiresAt: expires?.toISOString() ?? null,
          ...(output === undefined ? { key } : { file: output }),
        },
        ...(output === undefined && {
          unseen: `nobody saw the key, which is shown this once: end it with \`solvent api-key revoke ${id}\`, then make another`,
        }),
      };
    } catch (error) {
      // Nothing but an empty file of our own making.
      if (output !== undefined) await rm(output, { force: true });
      throw error;
    } finally {
      await file?.close();
    }
  });
}

async function list(context: Context): Promise<Outcome> {
  const { say } = context;
  return withDatabase(context, async (database, persistence) => {
    const now = new Date();
    const repository = new persistence.ApiKeyRepository(database);
    const action = { actor: 'cli', action: 'api-key.list', target: '*', details: {} };
    const stored = await auditTrail(database, persistence).recorded(action, () => repository.list());
    const keys = stored.map((key) => ({
      id: key.id,
      name: key.name,
      role: key.role.toLowerCase(),
      partners: key.partners,
      state: key.revokedAt ? 'revoked' : key.expiresAt && key.expiresAt <= now ? 'expired' : 'active',
      createdAt: key.createdAt,
      expiresAt: key.expiresAt,
      lastUsedAt: key.lastUsedAt,
      revokedAt: key.revokedAt,
    }));
    for (const { id, name, role, partners, state, expiresAt, lastUsedAt } of keys) {
      const until = expiresAt && state === 'active' ? ` until ${expiresAt.toISOString()}` : '';
      const claims = partners.length > 0 ? `, claims as ${partners.map(printable).join(', ')}` : '';
      const used = lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used';
      say(`${id}  ${role.padEnd(8)}  ${state}${until}, ${used}  ${printable(name)}${claims}`);
    }
    if (keys.length === 0) say('there are no keys yet: solvent api-key new makes one');
    else say(plural(keys.length, 'key'));
    return { exitCode: EXIT.valid, document: { keys } };
  });
}

async function revoke(id: string, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { isApiKeyId } = await loadPersistence();
  if (!isApiKeyId(id))
    throw new SolventError(
      'OPTIONS',
      'usage',
      'give the id of a key, 16 hex digits as `solvent api-key list` shows it; never the key itself',
    );
  return withDatabase(context, async (database, persistence) => {
    const keys = new persistence.ApiKeyRepository(database);
    const action = { actor: 'cli', action: 'api-key.revoke', target: id, details: {} };
    const known = await auditTrail(database, persistence).recorded(action, async () => {
      const found = (await keys.list()).find((key) => key.id === id);
      if (!found) throw new SolventError('API_KEY_NOT_FOUND', 'usage', `there is no key ${id}`);
      await keys.revoke(id);
      return found;
    });
    say(`${style.tick} key ${id} (${printable(known.name)}) is revoked`);
    return { exitCode: EXIT.valid, document: { id, name: known.name } };
  });
}

function nameArgument(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > 100 || printable(name) !== name)
    throw new InvalidArgumentError('It must be 1 to 100 printable characters.');
  return name;
}

/** A date (its end is meant, UTC), a moment, or a number of days from now. */
export function expiryArgument(text: string, _earlier?: unknown, now: number = Date.now()): Date {
  const days = /^([1-9]\d{0,3})d$/.exec(text)?.[1];
  if (days !== undefined) return new Date(now + Number(days) * 86_400_000);
  const form = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\dZ)?$/.exec(text);
  const date = form ? new Date(form[2] ? text : `${text}T23:59:59Z`) : undefined;
  // 30 February would become 2 March.
  if (!date || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(form![1]!))
    throw new InvalidArgumentError('It must be a date such as 2027-06-30, or 90d.');
  if (date.getTime() <= now) throw new InvalidArgumentError('It is in the past.');
  return date;
}
