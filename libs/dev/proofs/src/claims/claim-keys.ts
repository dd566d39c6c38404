import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseVerifyingKey } from '@solvent-por/claims';
import { developmentKeys, endSnarkjs, type ClaimKeys } from '@solvent-por/claims/ceremony';

const project = join(__dirname, '../../../../..');
const CACHE = join(project, 'dist/.cache/claims');
/** Another version of a tool may make other bytes. */
const MADE_FROM = [
  'circuits/balance-claim.circom',
  ...['circom2', 'circomlib', 'snarkjs'].map((tool) => `node_modules/${tool}/package.json`),
];
const PARTS = ['r1cs', 'wasm', 'zkey', 'document'] as const;

/**
 * The development set-up for layouts of so many values: kept in dist/.cache, for it takes a minute, and made
 * anew where the circuit or a tool changed.
 */
export async function testClaimKeys(values: number): Promise<ClaimKeys> {
  const hash = createHash('sha256');
  for (const file of MADE_FROM) hash.update(readFileSync(join(project, file)));
  const folder = join(CACHE, `development-${values}-${hash.digest('hex').slice(0, 16)}`);
  const path = (part: string) => join(folder, part);
  if (!existsSync(folder)) {
    const made = await developmentKeys(values);
    await endSnarkjs();
    const temporary = `${folder}.${process.pid}`;
    mkdirSync(temporary, { recursive: true });
    for (const part of PARTS) writeFileSync(join(temporary, part), made[part]);
    writeFileSync(join(temporary, 'symbols'), made.symbols);
    // Another process may have been faster; both have the same bytes.
    if (!existsSync(folder)) renameSync(temporary, folder);
  }
  const [r1cs, wasm, zkey, document] = PARTS.map((part) => new Uint8Array(readFileSync(path(part))));
  return {
    ...{ r1cs: r1cs!, wasm: wasm!, zkey: zkey!, document: document! },
    symbols: readFileSync(path('symbols'), 'utf8'),
    verifyingKey: parseVerifyingKey(document!),
  };
}
