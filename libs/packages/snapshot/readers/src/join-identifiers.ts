import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { SolventError, hexBytes, toHex } from '@solvent-por/kzg';
import { contentsOf, holdFolder, PRIVATE, PRIVATE_DIRECTORY, type Lock } from '@solvent-por/snapshot/files';
import { hasHiddenCharacters, accountKey } from '@solvent-por/verifier';
import { RowRefusal, SurveyRow, withoutOuterBlanks, type SnapshotConfig } from '@solvent-por/snapshot';
import { duplicateError } from './duplicate-error';
import { DuplicateFinder } from './duplicates';
import { IdentifierCodes, codeLine, codesHeader, isJoined, joined } from './identifier-codes';
import { rowError } from './input-error';
import { SourceReader, type ReadProgress, type SourceSummary } from './source-reader';

export interface JoinOptions {
  /** A balance file, or a directory of them. */
  readonly input: string;
  readonly config: SnapshotConfig;
  /** Made if missing; a folder that holds anything is refused. */
  readonly directory: string;
  /** The folder's, when the caller holds it already. */
  readonly lock?: Lock | undefined;
  /** 32 bytes: `ids` of the operator's keys. */
  readonly key: Uint8Array;
  /** The list of an earlier run: whoever stands in it keeps the code. */
  readonly codes?: string | undefined;
  /** Where account keys are spilled to find duplicates, as in checkSnapshot. */
  readonly spillDirectory?: string | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

export interface Joined extends Pick<SourceSummary, 'accounts' | 'files' | 'notRead' | 'notes'> {
  readonly accountsDirectory: string;
  readonly codesFile: string;
  /** Identifiers that had blanks around them, which were taken off. */
  readonly trimmed: number;
  /** Codes of the earlier list that the key alone would not give. */
  readonly kept: number;
}

/** Text collected before it is written. */
const PIECE = 1 << 18;

/**
 * Copies balance files with each plain identifier joined by a secret code of 128 bits, and writes the list of
 * codes to hand out; in constant memory (but for an earlier list that was made with another key). Every other
 * byte stays as it is, decompressed and compressed again where a file is called .gz; what is read as UTF-16
 * is written in UTF-8. Blanks around an identifier are taken off. Two rows that would get one code are
 * refused before there is a list. All that is made is private to its owner, and taken away again when
 * something fails.
 *
 * @throws SolventError RowCode and InputCode; IDS_HASHED, OUTPUT_NOT_EMPTY, CODES_UNREADABLE (kind usage),
 *   CODES_MALFORMED (kind malformed); OUTPUT_IN_USE, … as
 *   lockFolder
 */
export async function joinIdentifiers(options: JoinOptions): Promise<Joined> {
  const { directory, config } = options;
  if (config.accountIds !== 'plain')
    throw new SolventError(
      'IDS_HASHED',
      'usage',
      'the configuration says that ids are hashed already: set "accountIds": "plain" where the files hold identifiers',
    );
  const codes = new IdentifierCodes(options.key);
  if (options.codes !== undefined) await codes.read(options.codes);
  const hold = { command: 'joinIdentifiers', mode: PRIVATE_DIRECTORY, lock: options.lock };
  return holdFolder(directory, hold, async () => {
    if (contentsOf(directory).length > 0)
      throw new SolventError(
        'OUTPUT_NOT_EMPTY',
        'usage',
        `${directory} is not empty, and nothing is replaced in silence: name a new folder`,
      );
    try {
      return await copy(options, codes);
    } catch (error) {
      for (const name of ['accounts', 'codes.csv.part'])
        await rm(join(directory, name), { recursive: true, force: true });
      throw error;
    }
  });
}

async function copy(options: JoinOptions, codes: IdentifierCodes): Promise<Joined> {
  const { directory } = options;
  const accountsDirectory = join(directory, 'accounts');
  const codesFile = join(directory, 'codes.csv');
  await mkdir(accountsDirectory, { mode: PRIVATE_DIRECTORY });
  // Weak identifiers are what this is for.
  const config = { ...options.config, acceptWeakIds: true };
  const operator = hexBytes(config.operator, 32);
  const source = await SourceReader.survey(
    { input: options.input, config, onProgress: options.onProgress },
    new SurveyRow(config),
  );
  const list = new PrivateFile(`${codesFile}.part`);
  const keys = new DuplicateFinder(options.spillDirectory);
  let target: PrivateFile | undefined;
  let [current, trimmed] = [-1, 0];
  try {
    await list.write(Buffer.from(codesHeader()));
    for await (const index of source.chunks()) {
      if (index !== current) {
        await target?.end();
        const { name, gzip } = source.files[index]!;
        target = new PrivateFile(join(accountsDirectory, name), gzip);
        current = index;
      }
      const file = target!;
      while (source.next()) {
        const read = source.records.identifier();
        const identifier = withoutOuterBlanks(read).normalize('NFC');
        refuse(identifier, source, index);
        if (identifier !== read.normalize('NFC')) trimmed++;
        const code = codes.of(identifier);
        const account = joined(identifier, code);
        source.records.copyRecord((bytes) => file.keep(bytes), account);
        const key = accountKey(operator, account);
        keys.add(key, index, source.rowNumber);
        list.keep(Buffer.from(codeLine(identifier, code, toHex(key))));
      }
      source.records.copyRest((bytes) => file.keep(bytes));
      await file.flush();
      await list.flush();
    }
    await target?.end();
    await list.end();
    const duplicate = keys.find();
    if (duplicate) throw await duplicateError(source, duplicate, sameIdentifier);
  } catch (error) {
    throw await source.located(error);
  } finally {
    target?.close();
    list.close();
    keys.close();
  }
  // Only a whole list has its name.
  await rename(`${codesFile}.part`, codesFile);
  const { accounts, files, notRead, notes } = source.summary();
  return {
    accountsDirectory,
    codesFile,
    accounts,
    files,
    notRead,
    notes,
    trimmed,
    kept: codes.kept,
  };
}

/** Two rows that would get one code: two users might be told it. */
function sameIdentifier(first: string): string {
  return (
    `the identifier is the one of ${first} already, blanks around it and the ways to compose an accent left out. Where both are one account, add the amounts ` +
    'up into one row, equity and debt each by itself; where they are two, correct one of them'
  );
}

/** @throws SolventError ROW_ID_MALFORMED (kind invalid) */
function refuse(identifier: string, source: SourceReader, file: number): void {
  const { name } = source.files[file]!;
  const problem = isJoined(identifier)
    ? 'the identifier ends in a code already: give the files as they were before `solvent ids`'
    : hasHiddenCharacters(identifier)
      ? 'the identifier holds a line break, another control character, or one that turns the direction of writing: correct it'
      : identifier === ''
        ? 'the identifier is blank: remove the row, or give the account its identifier'
        : undefined;
  if (problem === undefined) return;
  const place = { file: name, row: source.rowNumber, byte: source.records.byte };
  throw rowError(new RowRefusal('ROW_ID_MALFORMED', problem), place);
}

/** A new file that only its owner can read, compressed where that is said. */
class PrivateFile {
  private readonly file;
  private readonly out: Writable;
  private readonly done: Promise<void>;
  private pieces: Uint8Array[] = [];
  private held = 0;

  constructor(path: string, compressed = false) {
    this.file = createWriteStream(path, { flags: 'wx', mode: PRIVATE });
    const gzip = compressed ? createGzip({ level: 6 }) : undefined;
    gzip?.pipe(this.file);
    this.out = gzip ?? this.file;
    this.done = finished(this.file);
    this.done.catch(() => undefined);
  }

  keep(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.held += bytes.length;
  }

  /** Writes what is kept where it is worth it, and waits until the disk has followed. */
  async flush(least = PIECE): Promise<void> {
    if (this.held <= least) return;
    const bytes = Buffer.concat(this.pieces);
    [this.pieces, this.held] = [[], 0];
    await this.write(bytes);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.out.write(bytes)) return;
    let drained = () => {};
    await Promise.race([
      new Promise<void>((resolve) => this.out.once('drain', (drained = resolve))),
      this.done,
    ]);
    this.out.off('drain', drained);
  }

  async end(): Promise<void> {
    await this.flush(0);
    this.out.end();
    await this.done;
  }

  /** In any case. */
  close(): void {
    this.file.destroy();
  }
}
