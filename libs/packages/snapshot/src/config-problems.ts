import { SolventError } from '@solvent-por/kzg';

/** CONFIG_INVALID with its problems, one a line. */
export function invalidConfig(problems: readonly string[]): SolventError<'CONFIG_INVALID'> {
  const list = problems.slice(0, 10).map((problem) => `\n  ${problem}`);
  if (problems.length > 10) list.push(`\n  … and ${problems.length - 10} more`);
  return new SolventError('CONFIG_INVALID', 'usage', `the configuration is not valid:${list.join('')}`, {
    problems: problems.length,
  });
}
