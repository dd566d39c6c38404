import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { BEACON_ITERATIONS, encodeVerifyingKey, knownPower, type SetUp } from '@solvent-por/claims';
import { SolventError, toHex } from '@solvent-por/kzg';
import {
  g1FromSnarkjs,
  g2FromSnarkjs,
  type SnarkjsKey,
  loadSnarkjs,
  Log,
  type Artefact,
  type MemoryFile,
} from '@solvent-por/claims/prove';
import type { CompiledCircuit } from './compile';
import { consoleIn } from './console-lines';
import { refuseEnded, refuseIdle } from './contributions';
import { zkeyHistory, type ZkeyHistory } from './zkey-file';

/** A file of phase 1. */
export interface PowersOfTau {
  /** Its path, or its bytes. */
  readonly file: Artefact;
  /** BLAKE2b-512 of all of it, 0x and 128 hex digits. */
  readonly digest: string;
  /** `ceremony` for a file of the perpetual powers of tau, `development` for any other. */
  readonly kind: SetUp['kind'];
}

/** What a verified proving key says of its making. */
export interface VerifiedCeremony extends ZkeyHistory {
  readonly setUp: SetUp;
}

/** The digest of a file of phase 1 decides what a set-up is worth. */
export async function powersOfTau(file: Artefact): Promise<PowersOfTau> {
  const hash = createHash('blake2b512');
  if (typeof file === 'string')
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  else hash.update(file);
  const digest = toHex(hash.digest());
  return { file, digest, kind: knownPower(digest) === undefined ? 'development' : 'ceremony' };
}

/**
 * Begins phase 2: a proving key that nobody contributed to yet.
 * @throws SolventError CEREMONY_POWERS (kind usage): phase 1 is too small or not prepared; CLAIM_TOOLS_MISSING
 */
export async function newCeremony(
  circuit: Pick<CompiledCircuit, 'r1cs'>,
  powers: PowersOfTau,
  onLine?: (line: string) => void,
): Promise<Uint8Array> {
  const { zKey } = await loadSnarkjs();
  const [out, log] = [memory(), new Log(onLine)];
  const answer: unknown = await zKey.newZKey(circuit.r1cs, powers.file, out, log);
  if (answer === -1 || out.data === undefined)
    throw new SolventError(
      'CEREMONY_POWERS',
      'usage',
      `the powers of tau do not fit the circuit (${log.problems.join('; ')}): take a larger, prepared file`,
    );
  return out.data;
}

/**
 * One party's contribution: the key is as safe as the one of all parties who did best at forgetting theirs.
 * @param entropy what the party adds to the randomness of their machine
 * @returns the key to hand on, and the contribution's hash, for its party to publish
 * @throws SolventError CEREMONY_NAME, CEREMONY_ENDED, CEREMONY_FULL (kind usage), ZKEY_MALFORMED (malformed)
 */
export async function contribute(
  zkey: Uint8Array,
  name: string,
  entropy = '',
  onLine?: (line: string) => void,
): Promise<{ readonly zkey: Uint8Array; readonly hash: string }> {
  refuseName(name);
  refuseEnded(zkeyHistory(zkey), 'contribution');
  const { zKey } = await loadSnarkjs();
  const out = memory();
  const mixed = `${entropy}${randomBytes(64).toString('hex')}`;
  const hash: unknown = await zKey.contribute(zkey, out, name, mixed, new Log(onLine));
  return { zkey: out.data!, hash: toHex(hash as Uint8Array) };
}

/**
 * Ends a ceremony with a value that nobody could know before: the hash of a block that was named in advance.
 * @param value 1 to 255 bytes
 * @param iterations 2^iterations hashes of it, 10 to 20; ten is what a public set-up of today takes
 * @throws SolventError CEREMONY_NAME, CEREMONY_BEACON, CEREMONY_ENDED, CEREMONY_FULL (kind usage),
 *   ZKEY_MALFORMED (malformed)
 */
export async function applyBeacon(
  zkey: Uint8Array,
  name: string,
  value: Uint8Array,
  iterations: number = BEACON_ITERATIONS.least,
  onLine?: (line: string) => void,
): Promise<{ readonly zkey: Uint8Array; readonly hash: string }> {
  refuseName(name);
  refuseEnded(zkeyHistory(zkey), 'beacon');
  const { least, most } = BEACON_ITERATIONS;
  if (!(iterations >= least && iterations <= most))
    throw new SolventError(
      'CEREMONY_BEACON',
      'usage',
      `a beacon is hashed 2^${least} to 2^${most} times: whoever verifies does it again`,
    );
  const { zKey } = await loadSnarkjs();
  const [out, log] = [memory(), new Log(onLine)];
  const text = toHex(value).slice(2);
  const hash: unknown = await zKey.beacon(zkey, out, name, text, iterations, log);
  if (!(hash instanceof Uint8Array))
    throw new SolventError('CEREMONY_BEACON', 'usage', `the beacon was refused: ${log.problems.join('; ')}`);
  return { zkey: out.data!, hash: toHex(hash) };
}

/**
 * Verifies a proving key from its circuit and phase 1: nothing in it but what its parties contributed, each
 * on top of the one before.
 * @throws SolventError CEREMONY_INVALID (kind invalid); ZKEY_MALFORMED
 */
export async function verifyCeremony(
  circuit: Pick<CompiledCircuit, 'r1cs'>,
  powers: PowersOfTau,
  zkey: Uint8Array,
  onLine?: (line: string) => void,
): Promise<VerifiedCeremony> {
  const history = zkeyHistory(zkey);
  refuseIdle(history);
  const { zKey } = await loadSnarkjs();
  const log = new Log(onLine);
  const right = await consoleIn(log, () =>
    zKey.verifyFromR1cs(circuit.r1cs, powers.file, zkey, log).catch((error: Error) => {
      log.error(error.message);
      return false;
    }),
  );
  if (right !== true)
    throw new SolventError(
      'CEREMONY_INVALID',
      'invalid',
      `the proving key is not what the circuit, phase 1 and its contributions make (${log.problems.join('; ') || 'snarkjs refused it'}): do not use it`,
    );
  const { digest, kind } = powers;
  return { ...history, setUp: { kind, powersOfTau: digest, contributions: history.contributions } };
}

/**
 * The verifying key's document of a proving key that was verified.
 * @param values for how many published values the circuit was compiled
 * @throws SolventError CEREMONY_INVALID; CLAIM_KEY_MALFORMED: nobody has contributed
 */
export async function exportVerifyingKey(
  values: number,
  circuit: Pick<CompiledCircuit, 'r1cs' | 'wasm'>,
  powers: PowersOfTau,
  zkey: Uint8Array,
  onLine?: (line: string) => void,
): Promise<Uint8Array> {
  const { setUp } = await verifyCeremony(circuit, powers, zkey, onLine);
  return verifyingKeyOf(values, circuit, setUp, zkey);
}

/** The same of a proving key that was made here. */
export async function verifyingKeyOf(
  values: number,
  circuit: Pick<CompiledCircuit, 'r1cs' | 'wasm'>,
  setUp: SetUp,
  zkey: Uint8Array,
): Promise<Uint8Array> {
  const { zKey } = await loadSnarkjs();
  const key = (await zKey.exportVerificationKey(zkey)) as SnarkjsKey;
  const digest = (bytes: Uint8Array) => toHex(createHash('sha256').update(bytes).digest());
  return encodeVerifyingKey({
    protocol: 'solvent/v1',
    circuit: 'balance-claim',
    values,
    setUp,
    files: { r1cs: digest(circuit.r1cs), zkey: digest(zkey), wasm: digest(circuit.wasm) },
    alpha: toHex(g1FromSnarkjs(key.vk_alpha_1)),
    beta: toHex(g2FromSnarkjs(key.vk_beta_2)),
    gamma: toHex(g2FromSnarkjs(key.vk_gamma_2)),
    delta: toHex(g2FromSnarkjs(key.vk_delta_2)),
    ic: key.IC.map((point) => toHex(g1FromSnarkjs(point))),
  });
}

function refuseName(name: string): void {
  if (!/^[ -~]{1,64}$/.test(name))
    throw new SolventError('CEREMONY_NAME', 'usage', 'a name is 1 to 64 printable ASCII characters');
}

function memory(): MemoryFile {
  return { type: 'mem' };
}
