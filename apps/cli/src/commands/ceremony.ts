import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { fromHex, SolventError, toHex } from '@solvent-por/kzg';
import { BEACON_ITERATIONS, DEVELOPMENT_WARNING, parseVerifyingKey } from '@solvent-por/claims';
import type * as ceremonyTools from '@solvent-por/claims/ceremony';
import type { CompiledCircuit, PowersOfTau } from '@solvent-por/claims/ceremony';
import { MAX_PUBLISHED } from '@solvent-por/verifier';
import { integerArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { openFile, readPieces } from '../files';
import { printable } from '../format';
import { writeNewFile } from '../service/write-new-file';
import { examples, type Run } from './command';

interface PhaseOne {
  readonly values: number;
  readonly powersOfTau?: string;
  readonly development?: true;
}

interface Named {
  readonly name: string;
  readonly output: string;
}

type Tools = typeof ceremonyTools;

/** One of 1,024 values takes a sixth. */
const MOST_ZKEY_BYTES = 2 ** 29;

export function registerCeremony(program: Command, run: Run): void {
  const ceremony = program
    .command('ceremony')
    .summary('the set-up of private claims: keys that nobody knows the secret of')
    .description(
      'Makes the keys of private claims, for layouts of one size. Each party contributes in turn; if one of them forgets their secret, nobody can prove what is false. ' +
        'Needs snarkjs, circom2 and circomlib, which are GPL-3.0 and installed apart (`npm install snarkjs circom2 circomlib`).',
    );
  const phaseOne = (command: Command) =>
    command
      .requiredOption('--values <N>', 'published values of the snapshots', integerArgument(1, MAX_PUBLISHED))
      .option('--powers-of-tau <FILE.ptau>', 'phase 1: a prepared file of the perpetual powers of tau')
      .option('--development', `phase 1 made here, for tests: everybody can compute its secret`);
  phaseOne(ceremony.command('new').summary('begin a ceremony'))
    .description('Compiles the circuit and begins a proving key that nobody has contributed to.')
    .requiredOption('--output <FILE.zkey>', 'a new file')
    .addHelpText(
      'after',
      examples(
        'solvent ceremony new --values 2 --powers-of-tau powersOfTau28_hez_final_13.ptau --output 0.zkey',
      ),
    )
    .action((options: PhaseOne & { output: string }) =>
      run('ceremony new', (context) => withTools((tools) => begin(options, tools, context))),
    );
  ceremony
    .command('contribute')
    .summary('contribute to a ceremony')
    .description(
      'Adds your secret, which is forgotten at once, and prints your contribution’s hash: publish it.',
    )
    .argument('<KEY.zkey>', 'what the party before you handed on')
    .requiredOption('--name <NAME>', 'yours, as it is to stand in the verifying key')
    .option('--entropy <TEXT>', 'anything you like, added to this machine’s randomness', '')
    .requiredOption('--output <FILE.zkey>', 'a new file, to hand on')
    .addHelpText('after', examples('solvent ceremony contribute 0.zkey --name Ada --output 1.zkey'))
    .action((file: string, options: Named & { entropy: string }) =>
      run('ceremony contribute', (context) =>
        withTools(async (tools) => {
          const key = await tools.contribute(await whole(file), options.name, options.entropy);
          return handOn(key, options.output, context);
        }),
      ),
    );
  ceremony
    .command('beacon')
    .summary('end a ceremony with a value that nobody could know before')
    .description(
      'Applies a public value, such as the hash of a block that was named before: the last contribution.',
    )
    .argument('<KEY.zkey>', 'what the last party handed on')
    .requiredOption('--name <NAME>', 'what the value is: `Ethereum block 21000000`')
    .requiredOption('--value <0x…>', '1 to 255 bytes')
    .option(
      '--iterations <N>',
      '2^N hashes of it',
      integerArgument(BEACON_ITERATIONS.least, BEACON_ITERATIONS.most),
      BEACON_ITERATIONS.least,
    )
    .requiredOption('--output <FILE.zkey>', 'a new file')
    .addHelpText(
      'after',
      examples(
        'solvent ceremony beacon 3.zkey --name "Ethereum block 21000000" --value 0x… --output final.zkey',
      ),
    )
    .action((file: string, options: Named & { value: string; iterations: number }) =>
      run('ceremony beacon', (context) =>
        withTools(async (tools) => {
          const value = beaconValue(options.value);
          const key = await tools.applyBeacon(await whole(file), options.name, value, options.iterations);
          return handOn(key, options.output, context);
        }),
      ),
    );
  phaseOne(ceremony.command('verify').summary('verify a proving key and all contributions'))
    .description(
      'Compiles the circuit anew and checks that the key is what it, phase 1 and the contributions make. Prints the digest of its verifying key, which the manifest must name, and the contributions’ hashes: compare them with what each party published, for the names beside them are bound to nothing.',
    )
    .argument('<KEY.zkey>')
    .addHelpText(
      'after',
      examples(
        'solvent ceremony verify final.zkey --values 2 --powers-of-tau powersOfTau28_hez_final_13.ptau',
      ),
    )
    .action((file: string, options: PhaseOne) =>
      run('ceremony verify', (context) => withTools((tools) => verify(file, options, tools, context))),
    );
  phaseOne(ceremony.command('export').summary('verify, and write the keys for users and partners'))
    .description(
      'Verifies a proving key and writes verifying key, proving key and witness generator, each named by its SHA-256. With --development and no key it makes the development key, the same everywhere.',
    )
    .argument('[KEY.zkey]')
    .requiredOption('--output <DIR>', 'a folder')
    .addHelpText(
      'after',
      examples(
        'solvent ceremony export final.zkey --values 2 --powers-of-tau powersOfTau28_hez_final_13.ptau --output keys',
        'solvent ceremony export --development --values 2 --output keys',
      ),
    )
    .action((file: string | undefined, options: PhaseOne & { output: string }) =>
      run('ceremony export', (context) => withTools((tools) => exportKeys(file, options, tools, context))),
    );
}

/** Loaded when they are needed: what they rest on is GPL-3.0. */
async function withTools(work: (tools: Tools) => Promise<Outcome>): Promise<Outcome> {
  const tools = await import('@solvent-por/claims/ceremony');
  try {
    return await work(tools);
  } finally {
    await tools.endSnarkjs();
  }
}

async function begin(
  options: PhaseOne & { output: string },
  tools: Tools,
  context: Context,
): Promise<Outcome> {
  const { circuit, powers } = await ingredients(options, tools);
  const zkey = await tools.newCeremony(circuit, powers);
  await writeNewFile(options.output, zkey, 0o644);
  const { circuitHash } = tools.zkeyHistory(zkey);
  sayPhaseOne(powers, context);
  context.say(
    `${context.style.tick} wrote ${printable(options.output)}: hand it to the first party, who contributes`,
  );
  context.say(`Circuit ${circuitHash}`);
  return {
    exitCode: EXIT.valid,
    document: { file: options.output, circuitHash, ...phaseOneDocument(powers) },
  };
}

async function handOn(
  { zkey, hash }: { zkey: Uint8Array; hash: string },
  output: string,
  { say, style }: Context,
): Promise<Outcome> {
  await writeNewFile(output, zkey, 0o644);
  say(`${style.tick} wrote ${printable(output)}: hand it on`);
  say(`Contribution ${hash}`);
  return { exitCode: EXIT.valid, document: { file: output, hash } };
}

async function verify(file: string, options: PhaseOne, tools: Tools, context: Context): Promise<Outcome> {
  const { circuit, powers } = await ingredients(options, tools);
  const zkey = await whole(file);
  const { circuitHash, contributions, setUp } = await tools.verifyCeremony(circuit, powers, zkey);
  const begun =
    contributions.length > 0 &&
    (setUp.kind === 'development' || contributions.some(({ beacon }) => beacon === undefined));
  const verifyingKey = begun
    ? toHex(parseVerifyingKey(await tools.verifyingKeyOf(options.values, circuit, setUp, zkey)).digest)
    : null;
  sayPhaseOne(powers, context);
  context.say(
    `${context.style.tick} the key is what the circuit, phase 1 and ${contributions.length} contribution(s) make`,
  );
  for (const { name, hash, beacon } of contributions)
    context.say(`  ${printable(name)}${beacon ? ` (beacon ${beacon.value})` : ''} ${hash}`);
  if (verifyingKey === null)
    context.say(`${context.style.warning} nobody has contributed: anybody can prove anything with it`);
  else context.say(`Its verifying key is ${verifyingKey}: the manifest's claimKeys must name it`);
  return {
    exitCode: EXIT.valid,
    document: { circuitHash, contributions, verifyingKey, ...phaseOneDocument(powers) },
  };
}

async function exportKeys(
  file: string | undefined,
  options: PhaseOne & { output: string },
  tools: Tools,
  context: Context,
): Promise<Outcome> {
  if (file === undefined && !options.development)
    throw new SolventError('CEREMONY_KEY', 'usage', 'name the proving key, or ask for the --development key');
  const made = await keysOf(file, options, tools);
  const { files, setUp } = parseVerifyingKey(made.document).document;
  const digest = toHex(parseVerifyingKey(made.document).digest);
  await mkdir(options.output, { recursive: true });
  const written = [
    [`${digest}.json`, made.document],
    [`${files.zkey}.zkey`, made.zkey],
    [`${files.wasm}.wasm`, made.wasm],
  ] as const;
  for (const [name, bytes] of written) await writeNewFile(join(options.output, name), bytes, 0o644);
  if (setUp.kind === 'development') context.say(`${context.style.warning} ${DEVELOPMENT_WARNING}`);
  for (const [name] of written)
    context.say(`${context.style.tick} wrote ${printable(join(options.output, name))}`);
  context.say(`The manifest's claimKeys must name ${digest}`);
  return { exitCode: EXIT.valid, document: { verifyingKey: digest, setUp: setUp.kind, files } };
}

async function keysOf(
  file: string | undefined,
  options: PhaseOne,
  tools: Tools,
): Promise<{ document: Uint8Array; zkey: Uint8Array; wasm: Uint8Array }> {
  if (file === undefined) return tools.developmentKeys(options.values);
  const { circuit, powers } = await ingredients(options, tools);
  const zkey = await whole(file);
  const document = await tools.exportVerifyingKey(options.values, circuit, powers, zkey);
  return { document, zkey, wasm: circuit.wasm };
}

/** @throws SolventError CEREMONY_POWERS (kind usage): phase 1 that nobody is known to have contributed to */
async function ingredients(
  { values, powersOfTau: file, development }: PhaseOne,
  tools: Tools,
): Promise<{ circuit: CompiledCircuit; powers: PowersOfTau }> {
  if ((file === undefined) === (development === undefined))
    throw new SolventError('CEREMONY_POWERS', 'usage', 'give either --powers-of-tau or --development');
  const known = file === undefined ? undefined : await knownPowers(file, tools);
  if (known?.kind === 'development')
    throw new SolventError(
      'CEREMONY_POWERS',
      'usage',
      `${printable(file!)} is no file of the perpetual powers of tau (BLAKE2b ${known.digest}): fetch one of those that snarkjs lists`,
    );
  const circuit = await tools.compileCircuit(values);
  const { exponent } = tools.constraintCount(circuit.r1cs);
  const powers = known ?? (await tools.powersOfTau(await tools.developmentPowers(exponent)));
  return { circuit, powers };
}

async function knownPowers(file: string, tools: Tools): Promise<PowersOfTau> {
  // What cannot be read is said as of any other file.
  await (await openFile(file)).close();
  return tools.powersOfTau(file);
}

function sayPhaseOne({ kind, digest }: PowersOfTau, { say, style }: Context): void {
  if (kind === 'development') say(`${style.warning} ${DEVELOPMENT_WARNING}`);
  else say(`${style.tick} phase 1 is a file of the perpetual powers of tau (BLAKE2b ${digest})`);
}

function phaseOneDocument({ kind, digest }: PowersOfTau): object {
  return { setUp: kind, powersOfTau: digest };
}

function beaconValue(text: string): Uint8Array {
  const value = /^0x(?:[0-9a-f]{2}){1,255}$/.test(text) ? fromHex(text, (text.length - 2) / 2) : undefined;
  if (value) return value;
  throw new SolventError(
    'CEREMONY_BEACON',
    'usage',
    '--value must be 0x and 1 to 255 bytes of lower-case hex',
  );
}

async function whole(file: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of readPieces(file)) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_ZKEY_BYTES)
      throw new SolventError(
        'ZKEY_MALFORMED',
        'malformed',
        `${printable(file)} is larger than any proving key: name the file that was handed to you`,
      );
  }
  return new Uint8Array(Buffer.concat(pieces));
}
