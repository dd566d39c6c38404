import { concat, fromHex, toHex } from '@solvent-por/kzg';

/*
 * Contracts without a compiler, for nodes of tests: each is as small as what is asked of it. They use PUSH0
 * (Shanghai).
 */

/** Balances in mapping slot 0: calldata holder ‖ amount sets one, `balanceOf(address)` returns it. */
export const TOKEN =
  '0x602f600a5f39602f5ff336604014601c576004355f52600060205260405f20545f5260205ff35b5f355f52600060205260203560405f205500';

/** Answers the magic value of EIP-1271 to everything. */
export const SIGNS_ANYTHING =
  '0x6027600a5f3960275ff37f1626ba7e000000000000000000000000000000000000000000000000000000005f5260205ff3';

/** What a contract returns to calls, by the first four bytes of their data; others revert. */
export type Answers = Readonly<Record<string, string>>;

/**
 * Code that makes a contract which answers the same to everybody.
 * @param slot0 20 bytes that it keeps in its storage slot 0, as a Safe's proxy keeps its singleton
 * @returns 0x and hex, to be sent without a receiver
 */
export function answering(answers: Answers, slot0?: string): string {
  const runtime = runtimeOf(Object.entries(answers));
  // PUSH20 slot0 PUSH0 SSTORE
  const store = slot0 === undefined ? bytes('0x') : concat(bytes(`0x73${slot0.slice(2)}`), bytes('0x5f55'));
  // PUSH2 length PUSH2 offset PUSH0 CODECOPY PUSH2 length PUSH0 RETURN
  const offset = store.length + 13;
  const copy = bytes(`0x61${u16(runtime.length)}61${u16(offset)}5f3961${u16(runtime.length)}5ff3`);
  return toHex(concat(store, copy, runtime));
}

const HEAD = 5;
const CASE = 11;
const RETURN = 12;

/** Compares the selector with each one; then returns bytes that stand behind the code. */
function runtimeOf(answers: readonly (readonly [string, string])[]): Uint8Array {
  const results = answers.map(([, result]) => bytes(result));
  const cases = HEAD + CASE * answers.length;
  const code = cases + REVERT.length;
  const data = code + RETURN * answers.length;
  // PUSH0 CALLDATALOAD PUSH1 224 SHR
  const parts = [bytes('0x5f3560e01c')];
  // DUP1 PUSH4 selector EQ PUSH2 place JUMPI
  answers.forEach(([selector], i) =>
    parts.push(bytes(`0x8063${selector.slice(2)}1461${u16(code + RETURN * i)}57`)),
  );
  parts.push(REVERT);
  let at = data;
  // JUMPDEST PUSH2 length PUSH2 offset PUSH0 CODECOPY PUSH2 length PUSH0 RETURN, without the length's second push
  results.forEach((result) => {
    parts.push(bytes(`0x5b61${u16(result.length)}8061${u16(at)}5f395ff3`));
    at += result.length;
  });
  return concat(...parts, ...results);
}

/** PUSH0 PUSH0 REVERT */
const REVERT = bytes('0x5f5ffd');

/** 32 bytes of a number or an address. */
export function word(value: bigint | string): string {
  return (typeof value === 'string' ? value.slice(2) : value.toString(16)).padStart(64, '0');
}

/** ABI of a list of addresses, with what comes beside it. */
export function addressList(addresses: readonly string[], ...more: readonly string[]): string {
  const offset = 32n * BigInt(1 + more.length);
  return `0x${word(offset)}${more.join('')}${word(BigInt(addresses.length))}${addresses.map(word).join('')}`;
}

/** What a Safe's proxy answers. */
export function safeAnswers(
  owners: readonly string[],
  threshold: number,
  modules: readonly string[] = [],
): Answers {
  return {
    '0xa0e67e2b': addressList(owners),
    '0xe75235b8': `0x${word(BigInt(threshold))}`,
    '0xcc2f8452': addressList(modules, word(1n)),
  };
}

function bytes(hex: string): Uint8Array {
  const read = fromHex(hex, hex.length / 2 - 1);
  if (!read) throw new RangeError(`this is no hex: ${hex}`);
  return read;
}

function u16(value: number): string {
  return value.toString(16).padStart(4, '0');
}
