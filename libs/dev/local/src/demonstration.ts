import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hexBytes, nobleVerifier, SolventError, toHex, utf8 } from '@solvent-por/kzg';
import { createClient, type Snapshot, type SolventClient } from '@solvent-por/client';
import {
  accountId,
  headerDigest,
  layoutOf,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  verifyManifestTrust,
  type Header,
} from '@solvent-por/verifier';
import type { LocalServices } from './local-services';
import { publishSampleReserves } from './publish-sample-reserves';
import { generateSnapshot } from '@solvent-por/snapshot/readers';

export interface DemonstrationOptions {
  readonly services: LocalServices;
  readonly accounts: number;
  /** Digest of the verifying key of private claims; undefined: it offers none. */
  readonly claimKey?: string | undefined;
  readonly onProgress: (snapshot: Snapshot) => void;
}

export interface Demonstration {
  readonly snapshotId: string;
  /** Of one account: 0x and 64 hex digits. Made up, so that it may be shown. */
  readonly accountKey: string;
  /** Made from it for this snapshot: what the service is asked with. */
  readonly accountId: string;
  /** `12.50 USD equity`, say. */
  readonly values: readonly string[];
  readonly totals: readonly string[];
  /** Whether an earlier start published it. */
  readonly wasThere: boolean;
  readonly verifyMilliseconds: number;
  /** Hash of the made-up block of its sample reserves; undefined where there are none. */
  readonly reservesBlock: string | undefined;
  /** A partner's link, which asks for a claim within ten minutes; undefined where none are offered. */
  readonly claimLink: string | undefined;
}

/** Published values of the made-up exchange: equity and debt. */
export const DEMONSTRATION_VALUES = 2;

/** Who asks for claims, as they call themselves. */
export const DEMONSTRATION_PARTNER = 'lender.example';

/** Milliseconds between two looks at how far it is. */
const LOOK_EVERY_MS = 250;

/**
 * An exchange's month, through the same API that operators and users have: balances are made up, a snapshot
 * of them is requested and waited for, and one account is looked up and verified here, as in a browser, under
 * the operator's key.
 *
 * @throws SolventError SNAPSHOT_FAILED, DEMONSTRATION_INVALID; SolventApiError
 */
export async function demonstrate({
  services,
  accounts,
  claimKey,
  onProgress,
}: DemonstrationOptions): Promise<Demonstration> {
  const client = createClient({ endpoint: `${services.url}/graphql`, apiKey: services.apiKey });
  const { snapshotId, before } = await demonstrationName(client, accounts, claimKey !== undefined);
  const folder = join(services.sourceDirectory, snapshotId);
  if (before === null) await requestDemo(client, services, { snapshotId, folder, accounts, claimKey });
  await untilPublished(client, snapshotId, onProgress);
  const accountKey = await firstAccount(join(folder, 'accounts'));
  const [{ milliseconds, ...verified }, reservesBlock, claimLink] = await Promise.all([
    verifyOne(client, services, snapshotId, accountKey),
    publishSampleReserves(client, services, snapshotId),
    claimKey === undefined ? undefined : partnersLink(services),
  ]);
  return {
    ...{ snapshotId, accountKey, ...verified },
    wasThere: before?.state === 'PUBLISHED',
    verifyMilliseconds: milliseconds,
    reservesBlock,
    claimLink,
  };
}

/**
 * The first name under which no demonstration failed. One that failed, because another start's was published
 * before it say, keeps its name: it can only be requested again as it was, and its time may have passed.
 */
export async function demonstrationName(
  client: Pick<SolventClient, 'snapshot'>,
  accounts: number,
  claims = false,
): Promise<{ readonly snapshotId: string; readonly before: Snapshot | null }> {
  // What was published without claims has none for ever.
  const name = `demo-${accounts}${claims ? '-claims' : ''}`;
  for (let n = 1; ; n++) {
    const snapshotId = n === 1 ? name : `${name}-${n}`;
    const before = await client.snapshot(snapshotId);
    if (before?.state !== 'FAILED') return { snapshotId, before };
  }
}

interface Demo extends Pick<DemonstrationOptions, 'accounts' | 'claimKey'> {
  readonly snapshotId: string;
  readonly folder: string;
}

/** What a partner sends a user: it asks for a claim on the page. */
async function partnersLink({ url, partnerApiKey }: LocalServices): Promise<string> {
  const client = createClient({ endpoint: `${url}/graphql`, apiKey: partnerApiKey });
  const us = { partner: DEMONSTRATION_PARTNER, purpose: 'loan 2026-12' };
  const { challenge } = await client.claimChallenge(us);
  return `${url}/#claim&${new URLSearchParams({ ...us, challenge, asset: 'USD', threshold: '1' }).toString()}`;
}

async function requestDemo(
  client: SolventClient,
  { operator }: LocalServices,
  { snapshotId, folder, accounts, claimKey }: Demo,
): Promise<void> {
  const made = join(folder, 'made');
  // A start that was killed may have left half of it.
  if (!existsSync(made)) {
    await rm(folder, { recursive: true, force: true });
    await generateSnapshot({ directory: folder, accounts, seed: snapshotId });
    // The services have keys of their own.
    await rm(join(folder, 'keys.json'));
    await writeFile(made, '');
  }
  const { keys: _keys, ...config } = JSON.parse(
    await readFile(join(folder, 'snapshot.json'), 'utf8'),
  ) as Record<string, unknown>;
  await client.requestSnapshot({
    config: JSON.stringify({
      ...{ ...config, snapshot: snapshotId, takenAt: await nextTime(client), operator },
      ...(claimKey !== undefined && { claims: { keys: [claimKey], allowDevelopment: true } }),
    }),
    source: `${snapshotId}/accounts`,
  });
}

/** A demonstration may follow others: its time must be later than theirs. */
async function nextTime(client: SolventClient): Promise<string> {
  const latest = await client.latestSnapshot();
  const now = Math.floor(Date.now() / 1000) * 1000;
  const earliest = latest ? Date.parse(latest.takenAt) + 1000 : 0;
  return new Date(Math.max(now, earliest)).toISOString().replace('.000Z', 'Z');
}

async function untilPublished(
  client: SolventClient,
  snapshotId: string,
  onProgress: (snapshot: Snapshot) => void,
): Promise<Snapshot> {
  for (;;) {
    const snapshot = await client.snapshot(snapshotId);
    if (snapshot) onProgress(snapshot);
    if (snapshot?.state === 'PUBLISHED') return snapshot;
    if (snapshot?.state === 'FAILED')
      throw new SolventError(
        'SNAPSHOT_FAILED',
        'invalid',
        `the snapshot failed: ${JSON.stringify(snapshot.progress?.failure)}`,
      );
    await pause(LOOK_EVERY_MS);
  }
}

/** The key of the first account of the made-up balances. @throws SolventError DEMONSTRATION_INVALID */
async function firstAccount(accountsFolder: string): Promise<string> {
  const [file] = (await readdir(accountsFolder)).sort();
  const text = file === undefined ? '' : await readFile(join(accountsFolder, file), 'utf8');
  const key = /"id":"([0-9a-f]{64})"/.exec(text)?.[1];
  if (key !== undefined) return `0x${key}`;
  throw new SolventError(
    'DEMONSTRATION_INVALID',
    'invalid',
    `there is no made-up account in ${accountsFolder}: remove that folder, and start again`,
  );
}

/**
 * What a user does: makes the id for this snapshot from the key, which is not sent, takes the proof and the
 * manifest, and believes nobody. What is shown is what was verified, not what the service says beside it.
 */
export async function verifyOne(
  client: Pick<SolventClient, 'inclusionProof' | 'downloadManifest'>,
  { operator }: Pick<LocalServices, 'operator'>,
  snapshotId: string,
  accountKey: string,
): Promise<{ accountId: string; values: string[]; totals: string[]; milliseconds: number }> {
  const key = hexBytes(accountKey, 32);
  const manifest = parseManifest(await client.downloadManifest(snapshotId));
  const id = toHex(accountId(headerDigest(manifest.header), key));
  const proof = await client.inclusionProof(snapshotId, id);
  const start = performance.now();
  const trust = verifyManifestTrust(manifest, { operator: hexBytes(operator, 32) });
  const inclusion = parseInclusion(utf8(proof.document));
  const verdict = verifyInclusion(inclusion, { manifest, key }, nobleVerifier());
  for (const { valid, ...said } of [trust, verdict])
    if (!valid)
      throw new SolventError(
        'DEMONSTRATION_INVALID',
        'invalid',
        `the proof does not verify: ${JSON.stringify(said)}`,
      );
  const milliseconds = performance.now() - start;
  const { header, totals } = manifest;
  return {
    accountId: id,
    values: spoken(header, inclusion.values),
    totals: spoken(header, totals.map(BigInt)),
    milliseconds,
  };
}

/** `12.50 USD equity`, in layout order. */
function spoken(header: Header, values: readonly bigint[]): string[] {
  return layoutOf(header).published.map(({ symbol, side, pool, scale }, v) => {
    const digits = values[v]!.toString().padStart(scale + 1, '0');
    const point = digits.length - scale;
    return `${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`} ${symbol} ${pool ?? side}`;
  });
}
