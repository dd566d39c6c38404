import { jestExpect } from '@jest/expect';
import {
  addEventHandler,
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  getState,
  it,
  removeEventHandler,
  resetState,
  run,
  test,
} from 'jest-circus';
import { ModuleMocker } from 'jest-mock';
import { setImmediate as turn } from 'node:timers/promises';
import type { ModuleSpace } from './module-space';

/** Longer than any test: who runs a test file bounds it. */
const TEST_TIMEOUT_MS = 300_000;

const mocker = new ModuleMocker(globalThis);

/** Makes jest's globals those of this process. */
export function installJest(): void {
  Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, it, test });
  Object.assign(globalThis, {
    expect: jestExpect,
    jest: {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: () => mocker.restoreAllMocks(),
    },
    [Symbol.for('TEST_TIMEOUT_SYMBOL')]: TEST_TIMEOUT_MS,
  });
}

/**
 * Runs a test file in this process, by jest's own parts, up to its first failure.
 * @returns the failed test and why, or undefined where all passed
 */
export async function runTestFile(space: ModuleSpace, file: string): Promise<string | undefined> {
  resetState();
  let failure: string | undefined;
  const stopAtFailure: Parameters<typeof addEventHandler>[0] = (event) => {
    if (failure !== undefined) return;
    if (event.name === 'hook_failure') failure = `${event.hook.type}: ${firstLine(event.error)}`;
    else if (event.name === 'test_done' && event.test.errors.length > 0)
      failure = `${event.test.name}: ${firstLine(event.test.errors.flat()[0])}`;
    if (failure !== undefined) skipAll(getState().rootDescribeBlock);
  };
  // It would end jest's process.
  const onRejection = (error: unknown) => (failure ??= `unhandled rejection: ${firstLine(error)}`);
  addEventHandler(stopAtFailure);
  process.on('unhandledRejection', onRejection);
  try {
    space.evict(file);
    space.load(file);
    const { unhandledErrors } = await run();
    // Rejections are told of when a turn is over.
    await turn();
    return failure ?? (unhandledErrors[0] && firstLine(unhandledErrors[0]));
  } finally {
    removeEventHandler(stopAtFailure);
    process.off('unhandledRejection', onRejection);
    mocker.restoreAllMocks();
    space.evict(file);
  }
}

type Block = ReturnType<typeof getState>['rootDescribeBlock'];

function skipAll(block: Block): void {
  block.mode = 'skip';
  for (const child of block.children) {
    if (child.type === 'describeBlock') skipAll(child);
    else child.mode = 'skip';
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n', 1)[0]!.slice(0, 120);
}
