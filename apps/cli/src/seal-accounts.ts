import { equalBytes, SolventError } from '@solvent-por/kzg';
import { lockFolder } from '@solvent-por/snapshot/files';
import { sealSnapshot, WitnessDirectory, type SealProgress } from '@solvent-por/prover';
import { headerDigest } from '@solvent-por/verifier';
import { headerOf, type SnapshotConfig } from '@solvent-por/snapshot';
import { loadConfig, loadKeys, readPlacedKeys } from '@solvent-por/snapshot/readers';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Context, Outcome } from './context';
import { EXIT } from './exit-code';
import { count, duration, plural, printable, rate } from './format';
import { holdOutput } from './hold-output';

export interface SealArguments {
  readonly witness: string;
  readonly output: string;
  readonly workers: number;
  readonly all?: true;
  readonly input?: string;
  readonly config?: string;
  readonly keysAreSecret?: true;
}

const WORD =
  'whoever has a sealed bundle can try account keys at leisure, for ever, on all accounts at once. Only where every identifier holds at least 128 bits that only its user and you know (22 random letters and digits, say) may it be published';

/**
 * Writes the sealed bundle of a snapshot (section 15).
 * @throws SolventError OPTIONS, SEALED_KEYS, SEALED_WEAK_IDS (usage); as loadConfig, sealSnapshot
 */
export async function sealAccounts(options: SealArguments, context: Context): Promise<Outcome> {
  const { witness, output, workers } = options;
  const { say, style } = context;
  const { input, config: configFile } = requiredOf(options);
  const { config, directory } = await loadConfig(configFile);
  refuseWeakIds(config, configFile);
  const keys = await loadKeys(config, directory);
  const header = headerOf(config, keys.operator);
  await refuseOtherSnapshot(witness, headerDigest(header), configFile);
  const lock = lockFolder(output, 'solvent prove-user');
  context.interruptible(
    'stopping after the batches under way … (Ctrl-C again ends at once; either way the same command goes on from here)',
  );
  const progress = context.progress('sealing accounts');
  const started = performance.now();
  let earlier = 0;
  const { index, accounts } = await holdOutput(lock, context, () =>
    sealSnapshot({
      witness,
      accountKeys: readPlacedKeys({ input, config, header, placementKey: keys.placement }),
      keys,
      output,
      lock,
      workers,
      signal: context.signal,
      onProgress: (now) => {
        earlier = Math.max(earlier, now.resumed);
        progress.update(now.done, now.of, pace(now, performance.now() - started));
      },
    }),
  ).finally(() => progress.stop());
  const took = performance.now() - started;
  if (earlier > 0) say(`${style.tick} ${plural(earlier, 'account')} sealed by an earlier run`);
  say(
    `${style.tick} ${plural(accounts, 'account')} sealed in ${shellWord(output)}, ${duration(took)} (${rate(accounts - earlier, took, 'accounts')}): ${count(2 ** index.bits)} shards of ${count(index.entries)} entries`,
  );
  say('  Publish the whole folder as it is, on any file host. Its users verify with');
  say(`  solvent verify-user --bundle URL --global manifest.json --key 0x… --operator ${header.operator}`);
  return {
    exitCode: EXIT.valid,
    document: {
      output,
      format: 'sealed',
      written: accounts,
      resumed: earlier,
      bits: index.bits,
      entries: index.entries,
    },
  };
}

function requiredOf({ all, input, config, keysAreSecret }: SealArguments): {
  readonly input: string;
  readonly config: string;
} {
  if (!all)
    throw new SolventError(
      'OPTIONS',
      'usage',
      'a sealed bundle is of all accounts: give --all, not single ones',
    );
  if (input === undefined || config === undefined)
    throw new SolventError(
      'OPTIONS',
      'usage',
      'give --input and --config, those that the snapshot was proved from: account keys stand in no file of witness/, and the bundle is signed',
    );
  if (!keysAreSecret)
    throw new SolventError(
      'SEALED_KEYS',
      'usage',
      `${WORD}. If that is so, say it with --keys-are-secret; if not, write proofs with --format files or ndjson and hand each to its owner`,
    );
  return { input, config };
}

function refuseWeakIds({ acceptWeakIds }: SnapshotConfig, file: string): void {
  if (acceptWeakIds)
    throw new SolventError(
      'SEALED_WEAK_IDS',
      'usage',
      `${printable(file)} accepts identifiers that can be guessed (acceptWeakIds), and ${WORD}: write proofs with --format files or ndjson, or give the accounts other identifiers and prove a new snapshot`,
    );
}

/** Before hours of reading: keys of another snapshot's configuration would only be refused one by one. */
async function refuseOtherSnapshot(witness: string, digest: Uint8Array, file: string): Promise<void> {
  const directory = await WitnessDirectory.open(witness);
  try {
    const { header } = directory.manifest;
    if (!equalBytes(headerDigest(header), digest))
      throw new SolventError(
        'SOURCE_CHANGED',
        'invalid',
        `${printable(file)} is not the configuration of this witness, which is of snapshot ${header.snapshot} (${header.takenAt}): give the one that it was proved from`,
      );
  } finally {
    await directory.close();
  }
}

const STAGES = { checking: 'comparing keys', sealing: 'sealing', shards: 'writing shards' } as const;

/** `sealing 40,800 of 262,144, 1 min 13 s left` */
function pace({ stage, done, of, resumed }: SealProgress, milliseconds: number): string {
  const text = `${STAGES[stage]} ${count(done)} of ${count(of)}`;
  const made = done - resumed;
  if (stage !== 'sealing' || made === 0) return text;
  const now = `${text}, ${rate(made, milliseconds, 'accounts')}`;
  return done === of ? now : `${now}, ${duration(((of - done) * milliseconds) / made)} left`;
}
