import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexBytes, toHex } from '@solvent-por/kzg';
import type { ContractKind, NodeAnswer, Question } from '@solvent-por/reserves';
import { RpcError, type Rpc } from '../rpc';
import { hexData, quantity } from '../shapes';

const MOST_CODE_BYTES = 65_536;
/** Contracts hold no more; the hex of it doubles. */
const CODE_ANSWER = 2 * MOST_CODE_BYTES + 1024;
const MOST_RESULT_BYTES = 1 << 16;
const SINGLETON_SLOT = `0x${'0'.repeat(64)}`;
const WORD = 32;
const MOST_SAFE_OWNERS = 1024;
const GET_OWNERS = '0xa0e67e2b';
const GET_THRESHOLD = '0xe75235b8';
/** getModulesPaginated(0x1, 1): the first module, if there is one. */
const GET_MODULES = `0xcc2f8452${'1'.padStart(64, '0')}${'1'.padStart(64, '0')}`;
const MAGIC = '1626ba7e';

type Control = Pick<NodeAnswer, 'control' | 'modules'>;

/** Contracts vouch for themselves: what they answer counts only where the hash of their code is known. */
export class Contracts {
  constructor(
    private readonly rpc: Rpc,
    /** The stated block, by its hash. */
    private readonly at: unknown,
    private readonly known: ReadonlyMap<string, ContractKind>,
  ) {}

  /** What an account's contract says, or undefined where its code is not known. */
  async control(address: string, question: Question): Promise<Control | undefined> {
    if (question.kind === 'eip1271') return this.eip1271(address, question);
    return question.kind === 'owners' ? this.safe(address, question.owners) : undefined;
  }

  private async eip1271(
    address: string,
    { hash, signature }: Extract<Question, { readonly kind: 'eip1271' }>,
  ): Promise<Control | undefined> {
    if ((await this.kindOf(address)) !== 'eip1271') return undefined;
    const answer = await this.callContract(address, isValidSignature(hash, signature));
    return { control: answer === `0x${MAGIC}${'0'.repeat(56)}` };
  }

  /** A Safe whose owners include those who signed, as many as it asks for. */
  private async safe(address: string, owners: readonly string[]): Promise<Control | undefined> {
    const [kind, slot] = await Promise.all([
      this.kindOf(address),
      this.rpc.call('eth_getStorageAt', [address, SINGLETON_SLOT, this.at]),
    ]);
    if (kind !== 'safe-proxy') return undefined;
    const singleton = `0x${hexData(slot, 'a storage slot', WORD).slice(-40)}`;
    if ((await this.kindOf(singleton)) !== 'safe') return undefined;
    const [given, threshold, modules] = await Promise.all(
      [GET_OWNERS, GET_THRESHOLD, GET_MODULES].map((data) => this.callContract(address, data)),
    );
    const all = addressesAt(given!, 0);
    const least = wordsOf(threshold!)?.length === 1 ? quantity(threshold, 'a threshold') : undefined;
    if (!all || least === undefined || least === 0n) return { control: false };
    const control = owners.every((owner) => all.includes(owner)) && least <= BigInt(owners.length);
    const enabled = addressesAt(modules!, 0);
    return { control, ...((enabled === undefined || enabled.length > 0) && { modules: true }) };
  }

  private async kindOf(address: string): Promise<ContractKind | undefined> {
    const code = await this.rpc.call('eth_getCode', [address, this.at], { most: CODE_ANSWER });
    const hex = hexData(code, 'code', { most: MOST_CODE_BYTES });
    return this.known.get(toHex(keccak_256(hexBytes(hex, hex.length / 2 - 1))));
  }

  /** What a contract returns; nothing where it reverts, which is an answer. */
  private async callContract(to: string, data: string): Promise<string> {
    try {
      const result = await this.rpc.call('eth_call', [{ to, data }, this.at]);
      return hexData(result, 'the result of a call', { most: MOST_RESULT_BYTES });
    } catch (error) {
      if (error instanceof RpcError && isRevert(error)) return '0x';
      throw error;
    }
  }
}

/** Code 3 by EIP-1474's later practice; older nodes say it in words alone. */
export function isRevert({ rpcCode, said }: RpcError): boolean {
  return rpcCode === 3 || /\brevert/i.test(said);
}

/** isValidSignature(bytes32, bytes) */
function isValidSignature(hash: string, signature: string): string {
  const bytes = signature.slice(2);
  const length = bytes.length / 2;
  const padded = bytes.padEnd(Math.ceil(length / WORD) * 2 * WORD, '0');
  return `0x${MAGIC}${hash.slice(2)}${word(64)}${word(length)}${padded}`;
}

function word(value: number): string {
  return value.toString(16).padStart(2 * WORD, '0');
}

function wordsOf(data: string): readonly string[] | undefined {
  const hex = data.slice(2);
  return hex.length % (2 * WORD) === 0 ? (hex.match(/.{64}/g) ?? []) : undefined;
}

/** The list of addresses that the first word, or a later one, points to. */
function addressesAt(data: string, index: number): readonly string[] | undefined {
  const words = wordsOf(data);
  const offset = words && numberOf(words[index]);
  if (!words || offset === undefined || offset % WORD !== 0) return undefined;
  const start = offset / WORD;
  const length = numberOf(words[start]);
  if (length === undefined || length > MOST_SAFE_OWNERS || words.length < start + 1 + length)
    return undefined;
  return words.slice(start + 1, start + 1 + length).map((one) => `0x${one.slice(24)}`);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^0{56}/.test(text) ? parseInt(text, 16) : undefined;
}
