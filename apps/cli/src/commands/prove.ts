import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';
import { contentsOf, lockFolder, type Lock } from '@solvent-por/snapshot/files';
import { OUTPUT, proveSnapshot } from '@solvent-por/prover';
import {
  ACCOUNT_ROWS,
  canonicalJson,
  readOperatorKey,
  verifyManifestTrust,
  type Header,
  type Manifest,
} from '@solvent-por/verifier';
import { claimKeysOf, headerOf, refuseUnmeantFutureDate, type SnapshotConfig } from '@solvent-por/snapshot';
import { loadKeys, readBatches } from '@solvent-por/snapshot/readers';
import { shellWord } from '@solvent-por/shared/terminal';
import { defaultWorkers, workersArgument } from '../arguments';
import { checkInput, loadConfigFor } from '../check-input';
import { withKeyDigests } from '../claim-keys';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { readManifest } from '../files';
import { count, duration, plural, printable, rate, size } from '../format';
import { manifestDocument, sayManifest } from '../manifest-summary';
import { holdOutput } from '../hold-output';
import { sayHaircuts } from '../say-haircuts';
import { readingDocument, sayReading } from '../say-reading';
import { examples, type Run } from './command';

interface ProveArguments {
  readonly input: string;
  readonly config: string;
  readonly output: string;
  readonly workers: number;
  readonly previous?: string;
  readonly formerOperator?: string;
  readonly allowFutureDate?: true;
}

export function registerProve(program: Command, run: Run): void {
  program
    .command('prove')
    .summary('prove a snapshot: manifest.json, global-proof.ndjson and the private witness/')
    .description(
      'Checks the whole input, then proves it. Writes manifest.json and global-proof.ndjson, to be published, and witness/, the ' +
        "operator's own: what is needed to answer look-ups later. A run that was stopped goes on where it stood when the same command is " +
        'given again, with the same bytes in the end.',
    )
    .requiredOption(
      '--input <DIR>',
      'a balance file (OKX JSON, NDJSON or CSV, also .gz), or a folder of them',
    )
    .requiredOption('--config <FILE>', 'configuration of the snapshot')
    .requiredOption('--output <DIR>', 'a new folder, or one of an unfinished run')
    .option('--workers <N>', 'proofs made side by side, one core each', workersArgument, defaultWorkers())
    .option(
      '--previous <manifest.json>',
      "the operator's preceding manifest (instead of the configuration's)",
    )
    .option(
      '--former-operator <0x…>',
      'the key that signed --previous, where this is the first snapshot under a new key',
    )
    .option('--allow-future-date', 'accept a takenAt later than a day ahead of now')
    .addHelpText(
      'after',
      examples('solvent prove --input demo/accounts --config demo/snapshot.json --output demo/published'),
    )
    .action((options: ProveArguments) => run('prove', (context) => prove(options, context)));
}

async function prove(options: ProveArguments, context: Context): Promise<Outcome> {
  await refuseUsedOutput(options.output);
  const lock = lockFolder(options.output, 'solvent prove');
  return holdOutput(lock, context, () => proveHeld(options, lock, context));
}

async function proveHeld(options: ProveArguments, lock: Lock, context: Context): Promise<Outcome> {
  const { input, output, workers } = options;
  const { say, style } = context;
  const loaded = await loadConfigFor(input, options.config, context);
  const { directory, previous: configured } = loaded;
  const config = await withKeyDigests(loaded.config, directory, { signs: true }, context);
  const claimKeys = claimKeysOf(config);
  refuseUnmeantFutureDate({ ...config, ...options }, new Date());
  const keys = await loadKeys(config, directory);
  const header = headerOf(config, keys.operator);
  const former = options.formerOperator ?? config.formerOperator;
  const previous = await readPrevious(options.previous ?? configured, header, former);

  context.interruptible(
    'stopping after the proofs under way … (Ctrl-C again ends at once; either way the same command goes on from here)',
  );
  const started = performance.now();
  const source = await checkInput(input, config, header, context);
  const { accounts, sourceDigest, bytes, files } = source;
  const checked = performance.now();
  say(
    `${style.tick} checked ${plural(accounts, 'account')} in ${plural(files, 'file')} (${size(bytes)}), ${duration(checked - started)}`,
  );
  sayReading(source, config, context);
  sayHaircuts(config, context);
  if (previous && previous.header.operator !== header.operator)
    say(
      `${style.warning} a chain under a new key: it follows ${previous.header.snapshot} (${previous.header.takenAt}), signed by ${previous.header.operator}. Say in public that this was your key`,
    );

  const progress = context.progress('proving');
  let resumed = 0;
  const running = proveSnapshot({
    header,
    keys,
    ...(previous && { previous }),
    ...(claimKeys && { claimKeys }),
    accounts,
    sourceDigest,
    configDigest: configDigest(config),
    batches: readBatches({ input, config, header, placementKey: keys.placement, sourceDigest }),
    directory: output,
    lock,
    workers,
    signal: context.signal,
    onProgress: ({ batches, batchCount, resumed: earlier }) => {
      resumed = Math.max(resumed, earlier);
      const done = Math.min((batches - earlier) * ACCOUNT_ROWS, accounts);
      const speed = rate(done, performance.now() - checked, 'accounts');
      progress.update(batches, batchCount, batches > earlier ? speed : `${count(batchCount)} batches`);
    },
  });
  warnOfSlowBackend(context);
  const manifest = await running.finally(() => progress.stop());
  const took = performance.now() - checked;

  const onlyNew = Math.max(accounts - resumed * ACCOUNT_ROWS, 0);
  if (resumed > 0)
    say(`${style.tick} ${plural(resumed, 'batch').replace(/batchs$/, 'batches')} proved by an earlier run`);
  say(
    `${style.tick} proved in ${duration(took)} (${rate(onlyNew, took, 'accounts')}, ${plural(workers, 'worker')})`,
  );
  say();
  sayManifest(manifest, context);
  say();
  await sayWritten(output, manifest, context);
  return {
    exitCode: EXIT.valid,
    document: {
      output,
      accounts,
      sourceDigest,
      ...readingDocument(source),
      resumedBatches: resumed,
      milliseconds: Math.round(took),
      manifest: manifestDocument(manifest),
    },
  };
}

/** What can be refused before hours of work is refused here; `proveSnapshot` looks again. */
async function refuseUsedOutput(output: string): Promise<void> {
  if (!existsSync(output)) return;
  const name = printable(output);
  if (!(await stat(output)).isDirectory())
    throw new SolventError('OUTPUT_NOT_EMPTY', 'usage', `${name} is a file: give a new output folder`);
  if (existsSync(join(output, OUTPUT.manifest)))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${name} already holds a finished snapshot (${OUTPUT.manifest}): give another output folder`,
    );
  if (!existsSync(join(output, OUTPUT.progress)) && contentsOf(output).length > 0)
    throw new SolventError('OUTPUT_NOT_EMPTY', 'usage', `${name} is not empty: give a new output folder`);
}

/**
 * @param former the key that signed the manifest, where that is another
 * @throws SolventError as verifyManifestTrust's codes of an earlier manifest, kind invalid;
 *   OPERATOR_KEY_MALFORMED
 */
async function readPrevious(
  file: string | undefined,
  header: Header,
  former: string | undefined,
): Promise<Manifest | undefined> {
  if (file === undefined) return undefined;
  const { manifest } = await readManifest(file);
  const own = manifest.header.operator === header.operator || former === undefined;
  const operator = own ? hexBytes(header.operator, 32) : readOperatorKey(former).bytes;
  const verdict = verifyManifestTrust(manifest, { operator });
  if (!verdict.valid)
    throw new SolventError(
      verdict.code,
      'invalid',
      `the preceding manifest is not of this operator: ${verdict.reason}. If you changed your key, name the one that signed it with --former-operator`,
    );
  if (manifest.header.takenAt >= header.takenAt)
    throw new SolventError(
      'CHAIN_TIME',
      'invalid',
      `takenAt is ${header.takenAt}: it must be later than that of the preceding manifest, ${manifest.header.takenAt}. Correct takenAt, or give ` +
        'the manifest that really precedes; one that was signed with a wrong time can only be left behind: make a new key, and follow the last good manifest with --previous and --former-operator',
    );
  return manifest;
}

/** Where keys are read from, which schema an editor uses and what was asked of the clock change no proof. */
function configDigest({
  keys: _keys,
  $schema: _schema,
  allowFutureDate: _future,
  ...rest
}: SnapshotConfig): string {
  return toHex(createHash('sha256').update('solvent/v1/config').update(canonicalJson(rest)).digest());
}

/**
 * The main thread needs a committer when the snapshot is finalised: it loads while the workers prove. What fails
 * here fails there, and is told there.
 */
function warnOfSlowBackend({ complain, style }: Context): void {
  setTimeout(() => {
    loadCommitter({ onWarning: (message) => complain(`${style.warning} ${message}`) }).catch(() => undefined);
  }, 50).unref();
}

async function sayWritten(output: string, manifest: Manifest, { say }: Context): Promise<void> {
  const bytes = async (name: string) => size((await stat(join(output, name))).size);
  const path = (name: string) => shellWord(join(output, name));
  say(`Written: ${path(OUTPUT.manifest)} (${await bytes(OUTPUT.manifest)})`);
  say(`         ${path(OUTPUT.globalProof)} (${await bytes(OUTPUT.globalProof)})`);
  say(`         ${path(OUTPUT.witness)}/ (private: keep it to answer look-ups)`);
  say('Next:');
  say(`  solvent verify-global ${path(OUTPUT.globalProof)} --operator ${manifest.header.operator}`);
  say(`  solvent prove-user --witness ${path(OUTPUT.witness)} --all --output ${path('user_proofs')}`);
}
