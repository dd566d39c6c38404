import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SolventError } from '@solvent/algebra';
import { readGatewayEnvironment, startGateway } from '@solvent/services/gateway';

const USAGE = 2;

async function main(): Promise<void> {
  await startGateway(readGatewayEnvironment(process.env), readVersion());
}

/** From the project's package.json, wherever below it this is bundled. */
function readVersion(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder === dirname(folder)) return 'unknown';
  }
}

main().catch((error: unknown) => {
  const told = error instanceof SolventError;
  process.stderr.write(
    `gateway: ${told ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(told && error.kind === 'usage' ? USAGE : 1);
});
