import { SolventError } from '@solvent-por/kzg';

/**
 * Explains that a file of a witness folder isn't there, or is a folder; other errors pass.
 * @throws SolventError WITNESS_MISSING (usage; details.file)
 */
export function missingFile(witness: string, name: string): (error: unknown) => never {
  return (error) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) throw error;
    const how = code === 'EISDIR' ? 'a folder, and should be a file' : 'missing';
    throw new SolventError(
      'WITNESS_MISSING',
      'usage',
      `${witness} is not the whole witness folder of a finished snapshot (${name} is ${how}): give the folder \`witness\` that \`solvent prove\` wrote, or put the file back from a backup`,
      { file: name },
    );
  };
}
