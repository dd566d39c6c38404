import { createRequire } from 'node:module';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fs from 'node:fs';
import { SolventError } from '@solvent-por/kzg';
import { MAX_PUBLISHED } from '@solvent-por/verifier';
import { toolsMissing } from '../../prove/src/snarkjs';
import { BALANCE_CLAIM_CIRCUIT } from './generated/circuit';

/** What provers and ceremonies need of a circuit. */
export interface CompiledCircuit {
  readonly r1cs: Uint8Array;
  /** The witness generator. Parts of it are circom's and circomlib's: GPL-3.0. */
  readonly wasm: Uint8Array;
  /** Names of signals: `<label>,<wire>,<component>,<name>`, a line each. */
  readonly symbols: string;
}

/** circom2, as its package has it. */
interface Circom {
  readonly CircomRunner: new (options: object) => { execute(wasm: Uint8Array): Promise<unknown> };
  readonly bindings: object;
}

/**
 * Compiles circuits/balance-claim.circom for so many published values, with the npm package circom2: the same
 * bytes wherever that has the same version.
 *
 * @param simplified without linear constraints, as keys are made of it; tests look at each constraint by itself
 * @throws SolventError CLAIM_TOOLS_MISSING, CLAIM_VALUES (kind usage), CLAIM_COMPILE (kind internal)
 */
export async function compileCircuit(values: number, simplified = true): Promise<CompiledCircuit> {
  if (!Number.isInteger(values) || values < 1 || values > MAX_PUBLISHED)
    throw new SolventError('CLAIM_VALUES', 'usage', `a layout publishes 1 to ${MAX_PUBLISHED} values`);
  const folder = await mkdtemp(join(tmpdir(), 'solvent-circuit-'));
  try {
    const { circom, compiler, library } = await tools();
    await mkdir(join(folder, 'circomlib'));
    await fs.promises.cp(library, join(folder, 'circomlib/circuits'), { recursive: true });
    await writeFile(join(folder, 'balance-claim.circom'), BALANCE_CLAIM_CIRCUIT);
    await writeFile(join(folder, 'main.circom'), mainOf(values));
    let said = '';
    let code = 0;
    const runner = new circom.CircomRunner({
      args: ['main.circom', '--r1cs', '--wasm', '--sym', simplified ? '--O2' : '--O0', '-l', '.', '-o', '.'],
      env: {},
      preopens: { '.': folder },
      bindings: {
        ...circom.bindings,
        exit: (status: number) => {
          code = status;
          throw new Error(`circom ended with ${status}`);
        },
        fs: quiet((text) => (said += text)),
      },
    });
    await runner.execute(await readFile(compiler)).catch((error: Error) => {
      said += error.message;
      code ||= 1;
    });
    if (code !== 0)
      throw new SolventError(
        'CLAIM_COMPILE',
        'internal',
        `circom could not compile the circuit: ${said.slice(-500)}`,
      );
    return {
      r1cs: await readFile(join(folder, 'main.r1cs')),
      wasm: await readFile(join(folder, 'main_js/main.wasm')),
      symbols: await readFile(join(folder, 'main.sym'), 'utf8'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function mainOf(values: number): string {
  return `pragma circom 2.1.6;
include "balance-claim.circom";
component main {public [claimRoot, value, threshold, scope, challenge, nullifier]} = BalanceClaim(${values});
`;
}

async function tools(): Promise<{ circom: Circom; compiler: string; library: string }> {
  try {
    const loaded = (await import('circom2')) as unknown as Circom & { readonly default?: Circom };
    const find = createRequire(__filename);
    const package_ = (name: string) => dirname(find.resolve(`${name}/package.json`));
    return {
      circom: loaded.CircomRunner ? loaded : loaded.default!,
      compiler: join(package_('circom2'), 'circom.wasm'),
      library: join(package_('circomlib'), 'circuits'),
    };
  } catch (error) {
    throw toolsMissing(error);
  }
}

/** Node's files, but for what the compiler says on stdout and stderr. */
function quiet(onText: (text: string) => void): typeof fs {
  return {
    ...fs,
    writeSync: ((file: number, bytes: Uint8Array, ...rest: number[]) => {
      if (file !== 1 && file !== 2) return fs.writeSync(file, bytes, ...rest);
      onText(Buffer.from(bytes).toString());
      return bytes.length;
    }) as typeof fs.writeSync,
  };
}
