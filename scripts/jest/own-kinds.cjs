/**
 * Kinds of tests that are no part of `npm test`, by file name: `*.attack.test.ts`. One needs the machine for
 * itself, the others long; CI runs all: `npm run test:attack`, `npm run test:long`.
 */
const LONG_KINDS = ['faults', 'guides', 'chains', 'claims', 'chromium'];
const OWN_KINDS = ['attack', ...LONG_KINDS];

/** Matches files of these kinds. */
const pathOf = (kinds) => `\\.(${kinds.join('|')})\\.test\\.ts$`;

module.exports = { OWN_KINDS, LONG_KINDS, pathOf };
