import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError, toHex } from '@solvent-por/kzg';
import { OUTPUT } from '@solvent-por/prover';
import {
  ADDRESSES_FILE,
  parseReserves,
  RESERVES_FILE,
  reservesDigest,
  type Reserves,
} from '@solvent-por/reserves';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { about } from '../files';
import { printable, size } from '../format';
import { connect, type ConnectionOptions } from './connection';
import { downloadFile } from './download-file';
import { writeNewFile } from './write-new-file';

export interface FetchReservesArguments extends ConnectionOptions {
  readonly snapshot: string;
  readonly output: string;
}

/**
 * @throws SolventError RESERVES_NOT_FOUND, OUTPUT_EXISTS (kind usage); ANSWER_MISMATCH (kind invalid);
 *   INTERRUPTED; RESERVES_MALFORMED, …
 */
export async function fetchReserves(options: FetchReservesArguments, context: Context): Promise<Outcome> {
  const { snapshot, output } = options;
  const { say, style, signal } = context;
  const connection = await connect(options, context);
  context.interruptible('stopping …');
  const document = await connection.ask((client) => client.downloadReserves(snapshot, { signal }));
  const reserves = refuseOther(document, snapshot);
  const [reservesFile, addressesFile] = [join(output, RESERVES_FILE), join(output, ADDRESSES_FILE)];
  const before = existsSync(addressesFile);
  if (before && (await stat(addressesFile)).size !== reserves.addresses.bytes)
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${printable(addressesFile)} exists already and is not the file of these reserves; nothing is replaced in silence: name another --output, or move it away`,
      { file: addressesFile },
    );
  await writeNewFile(reservesFile, document, 0o644);
  const { client } = connection;
  const { bytes, resumed } = before
    ? { bytes: undefined, resumed: 0 }
    : await downloadFile(
        (resume) => client.downloadReserveAddresses(snapshot, resume),
        addressesFile,
        connection,
        context,
      );
  say(
    before
      ? `${style.bullet} ${shellWord(addressesFile)} is there already: it is as long as it should be, more of it was not looked at`
      : `${style.tick} wrote ${shellWord(addressesFile)} (${size(bytes!)}); nothing is verified yet`,
  );
  say('Next:');
  const manifest = join(output, OUTPUT.manifest);
  const against = existsSync(manifest) ? ` --manifest ${shellWord(manifest)}` : '';
  say(`  solvent verify-reserves ${shellWord(output)} --operator ${reserves.operator}${against}`);
  say('Take the operator’s key from the exchange’s own site and compare it with the one above.');
  return {
    exitCode: EXIT.valid,
    document: {
      ...{ output, snapshot, operator: reserves.operator, digest: toHex(reservesDigest(reserves)) },
      ...{ bytes: bytes ?? null, resumedBytes: resumed },
    },
  };
}

/** @throws SolventError ANSWER_MISMATCH (kind invalid) */
function refuseOther(document: Uint8Array, snapshot: string): Reserves {
  const reserves = about('the reserves.json that the service sent', () => parseReserves(document));
  if (reserves.snapshot === snapshot) return reserves;
  throw new SolventError(
    'ANSWER_MISMATCH',
    'invalid',
    `the service sent the reserves of another snapshot, ${reserves.snapshot}, in place of ${snapshot}: nothing is written`,
  );
}
