import { SolventError } from '@solvent-por/kzg';
import { DATABASE_TLS, unverifiedDatabase } from '@solvent-por/services/contracts';
import { readSecretFile } from '@solvent-por/snapshot/files';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A setting that services read under the same name: from the variable itself, or from the file that NAME_FILE
 * names (a mounted secret).
 * @throws SolventError CONFIG_ENVIRONMENT (kind usage), which names variables, never values
 */
export function environmentSecret(environment: Environment, name: string, what: string): string {
  const [value, file] = [environment[name], environment[`${name}_FILE`]];
  if (value && file) throw refused(`give ${name} or ${name}_FILE, not both`);
  const text = file ? readSecret(file, `${name}_FILE`) : (value ?? '');
  if (text.trim() === '') throw refused(`set ${name} (or ${name}_FILE, a file that holds it): ${what}`);
  return text.trim();
}

/** @throws SolventError CONFIG_ENVIRONMENT */
export function databaseUrl(environment: Environment): string {
  const text = environmentSecret(
    environment,
    'SOLVENT_DATABASE_URL',
    'where the services keep their data, postgresql://user:password@host:5432/name',
  );
  if (!/^postgres(?:ql)?:\/\//.test(text))
    throw refused('SOLVENT_DATABASE_URL must begin with postgresql://');
  const problem = requiresTls(environment) ? unverifiedDatabase(text) : undefined;
  if (problem !== undefined) throw refused(problem);
  return text;
}

/** As services read it. @throws SolventError CONFIG_ENVIRONMENT */
function requiresTls(environment: Environment): boolean {
  const text = environment[DATABASE_TLS] ?? '';
  if (!['', 'true', 'false'].includes(text)) throw refused(`${DATABASE_TLS} must be true or false`);
  return text === 'true';
}

/** A file that holds a secret alone. @throws SolventError CONFIG_ENVIRONMENT */
export function secretIn(file: string): string {
  return readSecret(file, file).trim();
}

function readSecret(file: string, variable: string): string {
  try {
    return readSecretFile(file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'EFBIG') throw refused(`${named(file, variable)} is too long: it must hold the value alone`);
    throw refused(`${named(file, variable)} cannot be read (${code})`);
  }
}

function named(file: string, variable: string): string {
  return variable === file ? file : `the file that ${variable} names`;
}

function refused(message: string): SolventError<'CONFIG_ENVIRONMENT'> {
  return new SolventError('CONFIG_ENVIRONMENT', 'usage', message);
}
