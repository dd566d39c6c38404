// `<solvent-check>`, for other sites: one small script that needs nothing else.
import { build } from 'esbuild';

/** @param {string} file where it is written */
export async function buildElement(file) {
  await build({
    ...{ entryPoints: ['apps/web/src/embed/solvent-check.ts'], outfile: file, bundle: true, minify: true },
    ...{ platform: 'browser', target: 'es2022', format: 'iife', charset: 'utf8', legalComments: 'none' },
    ...{ tsconfig: 'tsconfig.base.json', logLevel: 'warning' },
  });
}
