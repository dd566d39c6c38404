import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(__dirname, '../../../..');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Node in a process of its own.
 * @param answer what is written to its input once it has printed something that this makes text of; undefined: not yet
 */
export async function runNode(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  answer?: (printed: string) => Promise<string> | undefined,
): Promise<Ran> {
  const child = spawn(process.execPath, args, { cwd: project, env: { ...process.env, ...environment } });
  let [stdout, stderr, answered] = ['', '', false];
  const failed = new Promise<never>((_, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const text = answered ? undefined : answer?.(stdout);
      if (!text) return;
      answered = true;
      text.then((line) => child.stdin.end(line), reject);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  try {
    const code = await Promise.race([ended, failed]);
    return { code, stdout, stderr };
  } finally {
    child.kill();
  }
}

/**
 * Builds a program that stands in docs/guides/partner.md, as its readers would have it.
 * @param index of its programs in the order of the page, from 0
 * @param folder where to
 * @returns the file to run
 */
export async function guideProgram(index: number, folder: string): Promise<string> {
  const guide = readFileSync(join(project, 'docs/guides/partner.md'), 'utf8');
  const programs = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)];
  if (programs.length !== 2) throw new Error(`the guide has ${programs.length} programs, not 2`);
  const [source, outfile] = [join(folder, `program-${index}.ts`), join(folder, `program-${index}.mjs`)];
  writeFileSync(source, programs[index]![1]!);
  const options = {
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    tsconfig: join(project, 'tsconfig.base.json'),
    logLevel: 'warning',
  };
  // In a process of its own: esbuild takes jest's own Uint8Array for a foreign one.
  const built = await runNode(['-e', `require('esbuild').buildSync(${JSON.stringify(options)})`]);
  if (built.code !== 0 || built.stderr !== '') throw new Error(`esbuild: ${built.stderr}`);
  return outfile;
}
