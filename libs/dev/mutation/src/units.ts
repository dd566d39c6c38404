import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Something that can tell a mutant from the original: one vector, checked with one backend, or one test file.
 */
export type Unit =
  | {
      readonly kind: 'vector';
      readonly name: string;
      readonly functionName: string;
      /** Which one of loadVectors(functionName). */
      readonly index: number;
      readonly backend: 'native' | 'noble';
    }
  | { readonly kind: 'test'; readonly name: string; readonly file: string };

/** Files to be mutated, and what is run against their mutants. */
export interface Target {
  readonly sources: readonly string[];
  /** Folders of test files. */
  readonly tests: readonly string[];
  readonly backends: readonly ('native' | 'noble')[];
  /** Commitments may be kept from one run to the next: nothing of what is mutated makes them. */
  readonly keepsCommitments: boolean;
}

export const TARGETS: Readonly<Record<string, Target>> = {
  verifier: {
    sources: ['libs/packages/verifier/src'],
    tests: [
      'libs/packages/verifier/src',
      'libs/packages/prover/src/attacks',
      'libs/packages/prover/src/snapshot-attacks',
    ],
    backends: ['native'],
    keepsCommitments: true,
  },
  algebra: {
    sources: ['libs/packages/kzg/src', 'libs/packages/kzg/native/src'],
    tests: ['libs/packages/kzg/src', 'libs/packages/kzg/native/src', 'libs/packages/prover/src/openings'],
    // The native verifier leaves decoding and pairing to libraries, noble's leaves none of ours out.
    backends: ['noble', 'native'],
    keepsCommitments: false,
  },
  claims: {
    sources: ['libs/packages/claims/src'],
    tests: ['libs/packages/claims/src'],
    // Claims have pairings of their own: the vectors run alike with either.
    backends: ['noble'],
    keepsCommitments: false,
  },
};

/** Run by themselves elsewhere: all vectors, and a bundle of what lies on the disk. */
const NOT_RUN = /-vectors\.test\.ts$|\/browser-bundle\.test\.ts$/;
/** What jest can do and our runs of test files cannot: replace a module. */
const NEEDS_JEST = /\bjest\.(mock|doMock|isolateModules|resetModules|requireActual|useFakeTimers)\b/;
/** No code of the product, or none that can be mutated one by one. */
const NOT_MUTATED = /\.test\.ts$|\/(test-[a-z-]+|index)\.ts$|\/generated\//;

/** Files of a target that have mutants, from the root, sorted. */
export function sourcesOf(root: string, { sources }: Target): string[] {
  return filesUnder(root, sources).filter((file) => !NOT_MUTATED.test(file));
}

/** All that can be run against a target's mutants. */
export function unitsOf(root: string, { tests, backends }: Target): Unit[] {
  // loadVectors has the same order.
  const folder = join(root, 'test-vectors');
  const functions = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const vectors = backends.flatMap((backend) =>
    functions.flatMap(({ name: functionName }) =>
      readdirSync(join(folder, functionName))
        .sort()
        .map((vector, index): Unit => {
          const name = `${functionName}/${vector} (${backend})`;
          return { kind: 'vector', name, functionName, index, backend };
        }),
    ),
  );
  const files = filesUnder(root, tests)
    .filter((file) => file.endsWith('.test.ts') && !NOT_RUN.test(file))
    .filter((file) => !NEEDS_JEST.test(readFileSync(join(root, file), 'utf8')));
  return [...vectors, ...files.map((file): Unit => ({ kind: 'test', name: file, file }))];
}

function filesUnder(root: string, folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .sort();
}
