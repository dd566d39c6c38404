import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

/** What a page loads more to verify claims, so that it does not grow unseen. */
const MOST_GZIPPED_BYTES = 70 * 1024;
const GPL = /node_modules\/(snarkjs|ffjavascript|circom2|circomlib|circom_runtime|r1csfile|wasmcurves)\//;

async function bundled(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: __dirname, loader: 'ts' },
    ...{ bundle: true, write: false, metafile: true, minify: true },
    ...{ platform: 'browser', target: 'es2022', format: 'iife', globalName: 'claims' },
    tsconfig: join(__dirname, '../../../../tsconfig.base.json'),
  });
  return { text: outputFiles[0]!.text, metafile };
}

const gpl = ({ inputs }: Metafile) => Object.keys(inputs).filter((file) => GPL.test(file));

test('verifying a claim builds for a browser without GPL code, runs there and stays small', async () => {
  const { text, metafile } = await bundled("export * from '@solvent-por/claims';");
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ path }) => path.startsWith('node:'))).toEqual([]);
  expect(gpl(metafile)).toEqual([]);
  expect(gzipSync(text, { level: 9 }).length).toBeLessThan(MOST_GZIPPED_BYTES);

  // It runs where there is no process, Buffer or require, as in a page.
  const page: { claims?: Record<string, unknown>; [global: string]: unknown } = {
    ...{ TextEncoder, TextDecoder, crypto: globalThis.crypto, Uint8Array },
  };
  runInNewContext(`${text}; globalThis.claims = claims;`, page);
  expect(Object.keys(page.claims!)).toEqual(
    expect.arrayContaining(['verifyClaim', 'parseClaim', 'claimScope', 'checkClaimFile']),
  );
});

test('building claim trees rests on no GPL code either', async () => {
  const { metafile } = await bundled("export * from '@solvent-por/claims/tree';");
  expect(gpl(metafile)).toEqual([]);
});
