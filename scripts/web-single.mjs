// The whole verifier as one HTML file, which works from disk and reaches no network.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const MOST_BYTES = 400_000;
/** The page's own parts, with a smaller React. */
const REACT = {
  react: 'preact/compat',
  'react-dom/client': 'preact/compat/client',
  'react/jsx-runtime': 'preact/jsx-runtime',
};

/** Texts of screens that it has not. */
const OTHERS_TEXTS = /\/i18n\/claims\.[\w-]+\.ts$/;
const withoutThem = {
  name: 'texts of other screens',
  setup: ({ onLoad }) =>
    onLoad({ filter: OTHERS_TEXTS }, () => ({
      contents: 'export const [claimsEn, claimsEs, claimsZhCN] = [{}, {}, {}];',
    })),
};

/** @param {string} file where it is written */
export async function buildSingle(file) {
  const [script, worker, style] = await Promise.all([
    bundled('apps/web/src/single-main.tsx', { alias: REACT, jsx: 'automatic', plugins: [withoutThem] }),
    bundled('apps/web/src/worker/worker.ts'),
    // Without the font: a system's own will do.
    bundled('apps/web/src/style/single.css', { loader: { '.css': 'css' } }),
  ]);
  if (/["'`]claim\./.test(script)) throw new Error(`${file} names texts of claims, which it has not`);
  const html = page({ script, worker, style });
  const bytes = Buffer.byteLength(html);
  if (bytes > MOST_BYTES)
    throw new Error(`${file} has ${bytes} bytes, more than ${MOST_BYTES}: make what it holds smaller`);
  writeFileSync(file, html);
}

async function bundled(entry, options = {}) {
  const { outputFiles } = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, minify: true, legalComments: 'none' },
    ...{ platform: 'browser', target: 'es2022', format: 'iife', charset: 'utf8' },
    ...{ tsconfig: 'tsconfig.base.json', logLevel: 'warning' },
    ...options,
  });
  return outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
}

/** A worker made from text has its maker's policy: it reaches no network either. */
function page({ script, worker, style }) {
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}' blob:`,
    'worker-src blob:',
    `style-src '${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types solvent',
  ].join('; ');
  return `<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Solvent: verify a proof</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<script type="text/plain" id="worker">${worker}</script>
<script>${script}</script>
</body>
</html>
`;
}

function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
