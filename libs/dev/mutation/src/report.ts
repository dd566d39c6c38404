import type { Report, Result } from './run';

/** Survivors that were looked at: no test can tell them, and why; by file and description. */
export interface Explained {
  readonly file: string;
  readonly mutant: string;
  readonly why: string;
}

/** Survivors that nobody has explained yet. */
export function unexplained({ results }: Report, explained: readonly Explained[]): Result[] {
  const known = new Set(explained.map(({ file, mutant }) => `${file} ${mutant}`));
  return results.filter(
    ({ status, file, description }) => status !== 'killed' && !known.has(`${file} ${description}`),
  );
}

/** The score by file, in Markdown. */
export function scoreTable({ results, mutants }: Report): string {
  const row = (name: string, there: number, own: readonly Result[]): string => {
    const killed = own.filter(({ status }) => status === 'killed').length;
    const share = own.length === 0 ? '' : `${((100 * killed) / own.length).toFixed(1)} %`;
    return `| ${name} | ${there} | ${own.length} | ${killed} | ${share} |`;
  };
  const files = Object.entries(mutants).map(([file, there]) =>
    row(
      file,
      there,
      results.filter((result) => result.file === file),
    ),
  );
  const there = Object.values(mutants).reduce((a, b) => a + b, 0);
  return [
    '| file | mutants | tried | killed | score |',
    '|---|---|---|---|---|',
    ...files,
    row('all', there, results),
  ].join('\n');
}
