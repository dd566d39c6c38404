const { availableParallelism } = require('node:os');

/** One configuration for every test beside what it tests; workers and the wasm come from `npm run build`. */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/libs', '<rootDir>/apps'],
  testMatch: ['**/*.test.ts'],
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
  globalSetup: '<rootDir>/libs/testing/services/jest/global-setup.cjs',
  globalTeardown: '<rootDir>/libs/testing/services/jest/global-teardown.cjs',
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
    'node_modules/(?!@noble/|@paulmillr/|mercurius/|quick-lru/|content-disposition/)',
  ],
  moduleNameMapper: {
    '^@solvent/algebra$': '<rootDir>/libs/algebra/src/index.ts',
    '^@solvent/files$': '<rootDir>/libs/files/src/index.ts',
    '^@solvent/algebra/native$': '<rootDir>/libs/algebra/native/src/index.ts',
    '^@solvent/proof/verify$': '<rootDir>/libs/proof/verify/src/index.ts',
    '^@solvent/proof/prove$': '<rootDir>/libs/proof/prove/src/index.ts',
    '^@solvent/snapshot$': '<rootDir>/libs/snapshot/src/index.ts',
    '^@solvent/snapshot/readers$': '<rootDir>/libs/snapshot/readers/src/index.ts',
    '^@solvent/event-contracts$': '<rootDir>/libs/event-contracts/src/index.ts',
    '^@solvent/persistence$': '<rootDir>/libs/persistence/src/index.ts',
    '^@solvent/service-kit$': '<rootDir>/libs/service-kit/src/index.ts',
    '^@solvent/terminal$': '<rootDir>/libs/terminal/src/index.ts',
    '^@solvent/services/ingest$': '<rootDir>/libs/services/ingest/src/index.ts',
    '^@solvent/services/prover$': '<rootDir>/libs/services/prover/src/index.ts',
    '^@solvent/services/local$': '<rootDir>/libs/services/local/src/index.ts',
    '^@solvent/services/gateway$': '<rootDir>/libs/services/gateway/src/index.ts',
    '^@solvent/client$': '<rootDir>/libs/client/src/index.ts',
    '^@solvent/testing/services$': '<rootDir>/libs/testing/services/src/index.ts',
    '^@solvent/testing$': '<rootDir>/libs/testing/src/index.ts',
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
