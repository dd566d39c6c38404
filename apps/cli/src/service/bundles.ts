import { SolventError } from '@solvent/algebra';
import type { SealedBundle } from '@solvent/client';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { count, printable } from '../format';
import { shellWord } from '@solvent/terminal';

/** Whether nothing more happens to it unless it is asked for again. */
export function isBundleFinished({ state }: SealedBundle): boolean {
  return state === 'SEALED' || state === 'FAILED';
}

/** How far it is: batches first, then shards, which are counted in one line. */
export function bundleShare(bundle: SealedBundle): readonly [done: number, of: number] {
  const { batches, batchesSealed, shards, shardsWritten } = bundle;
  return [batchesSealed + shardsWritten, batches + (shards ?? 0)];
}

/** @throws SolventError BUNDLE_NOT_FOUND (usage) */
export function presentBundle(bundle: SealedBundle | null, id: string): SealedBundle {
  if (bundle) return bundle;
  throw new SolventError(
    'BUNDLE_NOT_FOUND',
    'usage',
    `there is no sealed bundle of ${shellWord(id)} here any more: its private data was dropped, or the API key is no operator's`,
  );
}

export function sayBundle(id: string, bundle: SealedBundle, { say, complain, style }: Context): void {
  const { state, url, batches, batchesSealed, shards, shardsWritten } = bundle;
  if (state === 'FAILED') {
    const { code, message } = failureOf(bundle);
    complain(
      `${style.cross} the sealed bundle of ${id} has failed: ${printable(message)} (${printable(code)})`,
    );
    return;
  }
  if (state !== 'SEALED') {
    const written = shards === null ? '' : `, ${count(shardsWritten)} of ${count(shards)} shards written`;
    say(
      `${style.bullet} sealed bundle of ${id}: ${state}, ${count(batchesSealed)} of ${count(batches)} batches sealed${written}`,
    );
    return;
  }
  say(`${style.tick} sealed bundle of ${id}: ${count(shards ?? 0)} shards at ${printable(url ?? '')}`);
  say('Next, as your users do:');
  say(`  solvent verify-user --bundle ${shellWord(url ?? '')} --global manifest.json --key 0x…`);
}

/** Exit code 1 for a failed one; one under way is as it should be. */
export function bundleOutcome(bundle: SealedBundle, more: Readonly<Record<string, unknown>> = {}): Outcome {
  const document = { ...more, bundle };
  if (bundle.state !== 'FAILED') return { exitCode: EXIT.valid, document };
  return { exitCode: EXIT.invalid, document: { ...failureOf(bundle), ...document } };
}

function failureOf({ failure }: SealedBundle): { readonly code: string; readonly message: string } {
  return failure ?? { code: 'BUNDLE_FAILED', message: 'the reason is for operators alone' };
}
