// An esbuild plugin for files with decorators.
import { readFileSync } from 'node:fs';
import { transformFile } from '@swc/core';

/**
 * Nest and its libraries read the types of parameters and properties at run time, which esbuild drops: swc
 * keeps them.
 */
export const decorators = {
  name: 'decorators',
  setup({ onLoad }) {
    onLoad({ filter: /(?:libs[/\\](?:services|service-kit)|apps)[/\\].*\.ts$/ }, async ({ path }) => {
      if (!/^\s*@[A-Z]\w*\(/m.test(readFileSync(path, 'utf8'))) return undefined;
      const { code, map } = await transformFile(path, {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        sourceMaps: true,
        swcrc: false,
      });
      const inline = Buffer.from(map).toString('base64');
      return {
        contents: `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}`,
        loader: 'js',
      };
    });
  },
};
