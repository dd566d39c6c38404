import { SolventError } from '@solvent/algebra';

/** Explains that a file of a witness folder isn't there; other errors pass. @throws SolventError WITNESS_MISSING (usage; details.file) */
export function missingFile(witness: string, name: string): (error: unknown) => never {
  return (error) => {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new SolventError(
      'WITNESS_MISSING',
      'usage',
      `${witness} is not the whole witness folder of a finished snapshot (${name} is missing): give the folder \`witness\` that \`solvent prove\` wrote, or put the file back from a backup`,
      { file: name },
    );
  };
}
