import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';

const project = join(__dirname, '../../../..');

/** What the guides' commands find first, in place of what would need the internet. */
export interface Tools {
  /** PATH of whoever follows a guide. */
  readonly path: string;
  /**
   * Where the next `git clone` may take what an earlier guide has installed and built: shown once to work, it
   * need not take everybody's time.
   */
  keep(clone: string): void;
}

/**
 * Stands in for the two things that a guide fetches:
 * - `git clone URL` gives the files of this working tree that git tracks, or would (what is not committed yet is to be tested too), and nothing else: no dist, nothing generated;
 * - `npm ci` gives the packages that are installed here. All other uses of npm are npm's own.
 * @param folder which is made
 */
export function makeTools(folder: string): Tools {
  const [clean, kept, tools] = ['clean', 'kept', 'tools'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(tools, { recursive: true });
  copyTracked(clean);
  const tool = (name: string, script: string) => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}`);
    chmodSync(join(tools, name), 0o755);
  };
  const modules = join(project, 'node_modules');
  tool(
    'git',
    `[ "$1" = clone ] && [ $# = 2 ] || { echo "only 'git clone URL' is known here" >&2; exit 2; }
     from='${clean}'; [ -d '${kept}' ] && from='${kept}'; exec cp -a "$from" "$(basename "$2")"\n`,
  );
  tool(
    'npm',
    `[ "$1" = ci ] || exec '${real('npm')}' "$@"
     mkdir node_modules && ln -s '${modules}'/* '${modules}'/.bin node_modules/\n`,
  );
  return {
    path: `${tools}${delimiter}${process.env.PATH}`,
    keep: (clone) =>
      cpSync(clone, kept, {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
        // Not what its commands have made.
        filter: (path) => !/^(?:data|demo)(?:$|[/\\])/.test(relative(clone, path)),
      }),
  };
}

function copyTracked(target: string): void {
  const { stdout, status } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: project, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error('git cannot list the files of this project');
  for (const file of stdout.split('\0')) {
    const from = join(project, file);
    // Removed, and not committed yet.
    if (file === '' || !existsSync(from)) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(from, join(target, file));
  }
}

function real(program: string): string {
  return spawnSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}
