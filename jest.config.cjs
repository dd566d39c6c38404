const { availableParallelism } = require('node:os');
const { OWN_KINDS, pathOf } = require('./scripts/jest/own-kinds.cjs');

/** One configuration for every test beside what it tests; workers and the wasm come from `npm run build`. */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/libs', '<rootDir>/apps'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', pathOf(OWN_KINDS)],
  // Each core has one, and one is there for when another waits; jest would leave a core idle.
  maxWorkers: availableParallelism() + 1,
  testSequencer: '<rootDir>/scripts/jest/longest-first.cjs',
  reporters: [
    'default',
    '<rootDir>/scripts/jest/slowest-files.cjs',
    '<rootDir>/scripts/jest/no-skipped-tests.cjs',
  ],
  testEnvironment: 'node',
  // A folder that the workers share; the first test that needs a database starts it there.
  globalSetup: '<rootDir>/libs/dev/servers/jest/global-setup.cjs',
  globalTeardown: '<rootDir>/libs/dev/servers/jest/global-teardown.cjs',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          // Nest injects by the types of constructor parameters.
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [
    'node_modules/(?!@noble/|@scure/|micro-packed/|@paulmillr/|mercurius/|quick-lru/|content-disposition/)',
  ],
  moduleNameMapper: {
    '^@solvent-por/kzg$': '<rootDir>/libs/packages/kzg/src/index.ts',
    '^@solvent-por/snapshot/files$': '<rootDir>/libs/packages/snapshot/files/src/index.ts',
    '^@solvent-por/kzg/native$': '<rootDir>/libs/packages/kzg/native/src/index.ts',
    '^@solvent-por/verifier$': '<rootDir>/libs/packages/verifier/src/index.ts',
    '^@solvent-por/reserves$': '<rootDir>/libs/packages/reserves/src/index.ts',
    '^@solvent-por/nodes$': '<rootDir>/libs/packages/nodes/src/index.ts',
    '^@solvent-por/claims$': '<rootDir>/libs/packages/claims/src/index.ts',
    '^@solvent-por/claims/tree$': '<rootDir>/libs/packages/claims/tree/src/index.ts',
    '^@solvent-por/claims/ceremony$': '<rootDir>/libs/packages/claims/ceremony/src/index.ts',
    '^@solvent-por/claims/prove$': '<rootDir>/libs/packages/claims/prove/src/index.ts',
    '^@solvent-por/prover$': '<rootDir>/libs/packages/prover/src/index.ts',
    '^@solvent-por/prover/threads$': '<rootDir>/libs/packages/prover/src/threads/index.ts',
    '^@solvent-por/snapshot$': '<rootDir>/libs/packages/snapshot/src/index.ts',
    '^@solvent-por/snapshot/readers$': '<rootDir>/libs/packages/snapshot/readers/src/index.ts',
    '^@solvent-por/services/contracts$': '<rootDir>/libs/services/contracts/src/index.ts',
    '^@solvent-por/services/database$': '<rootDir>/libs/services/database/src/index.ts',
    '^@solvent-por/services/kit$': '<rootDir>/libs/services/kit/src/index.ts',
    '^@solvent-por/shared/terminal$': '<rootDir>/libs/shared/terminal/src/index.ts',
    '^@solvent-por/services/ingest$': '<rootDir>/libs/services/ingest/src/index.ts',
    '^@solvent-por/services/prover$': '<rootDir>/libs/services/prover/src/index.ts',
    '^@solvent-por/dev/embedded-postgres$': '<rootDir>/libs/dev/embedded-postgres/src/index.ts',
    '^@solvent-por/dev/local$': '<rootDir>/libs/dev/local/src/index.ts',
    '^@solvent-por/services/gateway$': '<rootDir>/libs/services/gateway/src/index.ts',
    '^@solvent-por/client$': '<rootDir>/libs/packages/client/src/index.ts',
    '^@solvent-por/dev/chain-nodes$': '<rootDir>/libs/dev/chain-nodes/src/index.ts',
    '^@solvent-por/dev/servers$': '<rootDir>/libs/dev/servers/src/index.ts',
    '^@solvent-por/dev/proofs$': '<rootDir>/libs/dev/proofs/src/index.ts',
  },
  // A hang is to be found, not slowness: three workers share two cores, which others may use, too.
  testTimeout: 300_000,
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'libs/*/src/**/*.ts',
    'libs/*/*/src/**/*.ts',
    'apps/*/src/**/*.ts',
    '!**/*.test.ts',
    '!**/generated/**',
  ],
  coverageReporters: ['text-summary', 'lcov', 'json-summary'],
};
