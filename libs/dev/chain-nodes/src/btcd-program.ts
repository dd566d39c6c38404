import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSION = '0.26.2';
const MODULE = 'github.com/btcsuite/btcd';
const CACHE = join(__dirname, '../../../../.cache', `btcd-${VERSION}`);
const PROGRAM = join(CACHE, process.platform === 'win32' ? 'btcd.exe' : 'btcd');
/** Where Go is often installed, and not in PATH. */
const PLACES = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go'];

function go(): string | undefined {
  return PLACES.find((place) => spawnSync(place, ['version']).status === 0);
}

/** Why this machine has no btcd; undefined where it has one, or can build it. */
export function whyNoBtcd(): string | undefined {
  return existsSync(PROGRAM) || go() !== undefined ? undefined : 'there is no Go to build btcd with';
}

/** The program, built once and kept in `.cache`: two minutes of one core, and 300 MB on the way. */
export function btcdProgram(): string {
  if (existsSync(PROGRAM)) return PROGRAM;
  const compiler = go();
  if (compiler === undefined) throw new Error(`${whyNoBtcd()}: install it`);
  const folder = mkdtempSync(join(tmpdir(), 'solvent-btcd-'));
  try {
    writeFileSync(join(folder, 'tools.go'), `//go:build tools\n\npackage tools\n\nimport _ "${MODULE}"\n`);
    const run = (...args: readonly string[]) => {
      const { status, stderr } = spawnSync(compiler, args, { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(`go ${args.join(' ')}: ${stderr}`);
    };
    run('mod', 'init', 'tools');
    run('get', `${MODULE}@v${VERSION}`);
    run('mod', 'tidy');
    run('build', '-o', 'btcd', MODULE);
    mkdirSync(CACHE, { recursive: true });
    // Under its own name at once: another run may be looking.
    const whole = join(CACHE, `btcd.${process.pid}`);
    spawnSync('cp', [join(folder, 'btcd'), whole]);
    renameSync(whole, PROGRAM);
    return PROGRAM;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
