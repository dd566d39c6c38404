import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runService } from '@solvent-por/services/kit';
import { readConfiguration, startProver } from '@solvent-por/services/prover';

void runService('prover', async () => startProver(readConfiguration(process.env), readVersion()));

/** From the project's package.json, wherever below it this is bundled. */
function readVersion(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder === dirname(folder)) return 'unknown';
  }
}
