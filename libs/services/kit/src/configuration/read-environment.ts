import { SolventError } from '@solvent-por/kzg';
import { readSecretFile } from '@solvent-por/snapshot/files';
import type { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a service, checked. For each NAME of the schema, NAME_FILE may give the path of a file that
 * holds the value (a Docker or Kubernetes secret; a line break at its end is dropped). An empty value counts
 * as none.
 *
 * @throws SolventError CONFIG_ENVIRONMENT (usage): all that is wrong at once, by the names of variables;
 *   their values are never repeated
 */
export function readEnvironment<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = valueOf(name, environment, problems);
    if (value !== undefined) values[name] = value;
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) problems.push(...describe(parsed.error, values, problems));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw environmentError(problems);
}

export function environmentError(problems: readonly string[]): SolventError<'CONFIG_ENVIRONMENT'> {
  return new SolventError(
    'CONFIG_ENVIRONMENT',
    'usage',
    `the environment is not right: ${problems.join('; ')}`,
  );
}

function valueOf(name: string, environment: Environment, problems: string[]): string | undefined {
  const value = environment[name] || undefined;
  const file = environment[`${name}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set: one must go`);
    return undefined;
  }
  try {
    return readSecretFile(file).replace(/\r?\n$/, '') || undefined;
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read`);
    return undefined;
  }
}

/**
 * One sentence a variable. Messages are the schema's own, which are written without values, and Zod's, which
 * name types.
 */
function describe(error: z.ZodError, values: Record<string, string>, problems: readonly string[]): string[] {
  const told = (name: string) => problems.some((problem) => problem.startsWith(name));
  return error.issues
    .map(({ path, message, code }) => {
      const name = String(path[0] ?? 'environment');
      if (values[name] === undefined && code !== 'custom') return told(name) ? '' : `${name} is missing`;
      return `${name}: ${withoutValues(message, values)}`;
    })
    .filter((problem) => problem !== '');
}

/** A schema's author may forget that messages must not repeat values. */
function withoutValues(message: string, values: Record<string, string>): string {
  return Object.values(values)
    .filter((value) => value.length >= 4)
    .reduce((text, value) => text.replaceAll(value, '…'), message);
}
