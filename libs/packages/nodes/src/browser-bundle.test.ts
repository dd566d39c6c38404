import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';

test('the library builds for a browser, without node: modules, and runs there', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from '@solvent-por/nodes';", resolveDir: __dirname, loader: 'ts' },
    ...{ bundle: true, write: false, metafile: true, minify: true },
    ...{ platform: 'browser', target: 'es2022', format: 'iife', globalName: 'nodes' },
    tsconfig: join(__dirname, '../../../../tsconfig.base.json'),
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ path }) => path.startsWith('node:'))).toEqual([]);
  // It runs where there is no process, Buffer or require, as in a page.
  const page: { nodes?: Record<string, unknown>; [global: string]: unknown } = {
    ...{ TextEncoder, TextDecoder, URL, crypto: globalThis.crypto, Uint8Array },
  };
  const ask = "globalThis.read = nodes.readNodeText('eip155:1=https://node.example').kind;";
  runInNewContext(`${outputFiles[0]!.text}; globalThis.nodes = nodes; ${ask}`, page);
  expect(page.read).toBe('evm');
  expect(Object.keys(page.nodes!)).toEqual(expect.arrayContaining(['openNodes', 'readNodeConfiguration']));
});
