import { build } from 'esbuild';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

/** What a web page loads to verify: a promise of the README, so that it does not grow unseen. */
const MOST_GZIPPED_BYTES = 68 * 1024;

test('proof/verify builds for a browser, without node: modules, and stays small', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "export * from '@solvent-por/verifier'; export { nobleVerifier } from '@solvent-por/kzg';",
      resolveDir: __dirname,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    globalName: 'solvent',
    minify: true,
    tsconfig: join(__dirname, '../../../../tsconfig.base.json'),
  });
  const [bundle] = outputFiles;
  expect(
    Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter(({ path }) => path.startsWith('node:')),
    ),
  ).toEqual([]);
  const size = gzipSync(bundle!.contents, { level: 9 }).length;
  expect(size).toBeGreaterThan(10_000);
  expect(size).toBeLessThan(MOST_GZIPPED_BYTES);

  // It runs where there is no process, Buffer or require, as in a page.
  const page: { solvent?: Record<string, unknown>; [global: string]: unknown } = {
    TextEncoder,
    TextDecoder,
    crypto: globalThis.crypto,
    Uint8Array,
  };
  runInNewContext(`${bundle!.text}; globalThis.solvent = solvent;`, page);
  expect(Object.keys(page.solvent!)).toEqual(
    expect.arrayContaining([
      'verifyGlobalProof',
      'verifyInclusion',
      'readSealedBundle',
      'parseManifest',
      'nobleVerifier',
    ]),
  );
});
