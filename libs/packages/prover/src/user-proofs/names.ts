import { createHash } from 'node:crypto';
import { toHex } from '@solvent-por/kzg';

/** Most files of one folder. */
const FOLDER_FILES = 4096;
/**
 * What a folder gets on average at most where names are spread by chance: with so many, more than 4,096 don't
 * happen (10 standard deviations).
 */
const FOLDER_MEAN = 3500;
/** Folders that a level divides into: two hex digits. */
const FOLDERS = 256;
/** Two hex digits of a name a level. */
const LEVEL_DIGITS = 2;

/** No snapshot needs more: 2^28 accounts lie three deep. */
export const MAX_LEVELS = 3;

/** The name of an account's file, and nothing else's. */
const NAME = /^[0-9a-f]{64}\.json$/;
const FOLDER = /^[0-9a-f]{2}$/;

/**
 * The name of an account's file: 64 lower-case hex digits of SHA-256("solvent/v1/file" ‖ id). No two ids have
 * one, on a file system that does not tell capitals either; and who sees a list of names learns no id by
 * which to look an account up.
 *
 * @param id of this snapshot, 32 bytes
 */
export function proofName(id: Uint8Array): string {
  const digest = createHash('sha256').update('solvent/v1/file').update(id).digest();
  return `${toHex(digest).slice(2)}.json`;
}

/** Whether it is a name that proofName gives. */
export function isProofName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a folder is named as one into which a pack is divided. */
export function isProofFolder(name: string): boolean {
  return FOLDER.test(name);
}

/** Whether it is a path that proofPath gives, with `/` between names. */
export function isProofPath(path: string): boolean {
  const folders = path.split('/');
  const name = folders.pop()!;
  return (
    isProofName(name) &&
    folders.length <= MAX_LEVELS &&
    path === foldersOf(name, folders.length).concat(name).join('/')
  );
}

/** How deep folders must lie in each other so that none gets more than 4,096 of so many files. */
export function levelsFor(count: number): number {
  let [levels, folders] = [0, 1];
  while (levels === 0 ? count > FOLDER_FILES : count > FOLDER_MEAN * folders)
    [levels, folders] = [levels + 1, folders * FOLDERS];
  return levels;
}

/** Where a file lies below its pack's folder, with `/` between names: `ab/cd/abcd….json` at two levels. */
export function proofPath(name: string, levels: number): string {
  return [...foldersOf(name, levels), name].join('/');
}

function foldersOf(name: string, levels: number): string[] {
  return Array.from({ length: levels }, (_, i) => name.slice(LEVEL_DIGITS * i, LEVEL_DIGITS * (i + 1)));
}
