import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import type { SealedSource } from '@solvent-por/verifier';
import { readBounded } from './files';
import { printable } from './format';

/**
 * Files of a sealed bundle from a folder, or from a file host by http or https.
 * @throws SolventError BUNDLE_UNREADABLE (usage)
 */
export function bundleSource(place: string, signal: AbortSignal): SealedSource {
  if (isHost(place)) return hostSource(place, signal);
  if (!existsSync(place))
    throw new SolventError(
      'BUNDLE_UNREADABLE',
      'usage',
      `there is no folder ${printable(place)}: give the folder of a sealed bundle, or its address (https://…)`,
    );
  return async (name, limit) => {
    const file = join(place, name);
    return existsSync(file) ? readBounded(file, limit) : undefined;
  };
}

/** Whether a bundle's place is an address, and not a folder. */
export function isHost(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** What a host says of a file that it hasn't. */
const ABSENT = [404, 410];

function hostSource(address: string, signal: AbortSignal): SealedSource {
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  return async (name, limit) => {
    const url = new URL(name, base);
    const response = await fetch(url, { signal }).catch((error: unknown) => {
      throw unreachable(url, causeOf(error));
    });
    if (ABSENT.includes(response.status)) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw unreachable(url, `it answers ${response.status}`);
    }
    return firstBytes(response, limit + 1).catch((error: unknown) => {
      throw unreachable(url, causeOf(error));
    });
  };
}

/** A body's first bytes; a longer one is not read further. */
async function firstBytes({ body }: Response, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels what is left.
  for await (const piece of (body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    length += piece.length;
    if (length >= most) break;
  }
  return new Uint8Array(Buffer.concat(pieces)).subarray(0, most);
}

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
}

function unreachable(url: URL, reason: string): SolventError<'BUNDLE_UNREADABLE'> {
  return new SolventError(
    'BUNDLE_UNREADABLE',
    'usage',
    `cannot fetch ${printable(url.href)}: ${printable(reason)}. Check the address, or try again later`,
  );
}
