import { entries, libraries } from './scripts/published.mjs';

/** `npm run api-docs`: every entry of every published library. */
export default {
  name: 'Solvent',
  entryPoints: libraries().flatMap((one) => entries(one).map(({ source }) => source)),
  tsconfig: 'tsconfig.node.json',
  out: 'dist/api-docs',
  readme: 'none',
  excludePrivate: true,
  excludeInternal: true,
  disableSources: true,
  treatWarningsAsErrors: true,
};
