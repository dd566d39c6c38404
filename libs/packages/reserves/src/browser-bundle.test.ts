import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a page loads more to verify reserves, so that it does not grow unseen. */
const MOST_GZIPPED_BYTES = 110 * 1024;

test('the library builds for a browser, without node: modules, runs there and stays small', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from '@solvent-por/reserves';", resolveDir: __dirname, loader: 'ts' },
    ...{ bundle: true, write: false, metafile: true, minify: true },
    ...{ platform: 'browser', target: 'es2022', format: 'iife', globalName: 'reserves' },
    tsconfig: join(__dirname, '../../../../tsconfig.base.json'),
  });
  const [bundle] = outputFiles;
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ path }) => path.startsWith('node:'))).toEqual([]);
  expect(gzipSync(bundle!.contents, { level: 9 }).length).toBeLessThan(MOST_GZIPPED_BYTES);

  // It runs where there is no process, Buffer or require, as in a page.
  const page: { reserves?: Record<string, unknown>; [global: string]: unknown } = {
    ...{ TextEncoder, TextDecoder, crypto: globalThis.crypto, Uint8Array },
  };
  runInNewContext(`${bundle!.text}; globalThis.reserves = reserves;`, page);
  expect(Object.keys(page.reserves!)).toEqual(
    expect.arrayContaining([
      'ReservesVerifier',
      'verifyReserves',
      'verifyOwnership',
      'parseReserves',
      'statement',
    ]),
  );
});
