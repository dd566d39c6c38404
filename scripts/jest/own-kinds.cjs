/**
 * Kinds of tests that are no part of `npm test`, by file name: `*.attack.test.ts`. They need the machine for
 * themselves, or long; CI runs each: `npm run test:attack`.
 */
const OWN_KINDS = ['attack', 'faults', 'guides', 'chains', 'claims'];

/** Matches files of these kinds. */
const pathOf = (kinds) => `\\.(${kinds.join('|')})\\.test\\.ts$`;

module.exports = { OWN_KINDS, pathOf };
