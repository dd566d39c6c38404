import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const anyRuntime = [
  'libs/packages/kzg/src/**/*.ts',
  'libs/packages/verifier/src/**/*.ts',
  'libs/packages/reserves/src/**/*.ts',
  'libs/packages/nodes/src/**/*.ts',
  'libs/packages/claims/{src,tree/src,prove/src}/**/*.ts',
  'libs/packages/snapshot/src/**/*.ts',
  'libs/services/contracts/src/**/*.ts',
  'libs/packages/client/src/**/*.ts',
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      'coverage',
      '**/generated',
      '.nx',
      '.cache',
      'libs/packages/kzg/assembly',
      'libs/packages/claims/assembly',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      // Prettier breaks code, but no comment; tables may be wider.
      'max-len': [
        'error',
        { code: 10_000, comments: 110, ignoreUrls: true, ignorePattern: '^\\s*\\* (\\||- )' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "TSNonNullExpression > CallExpression[callee.name='fromHex']",
          message: 'What is no such hex would become undefined, and then "nothing was given": use hexBytes.',
        },
      ],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: [
            { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
            { sourceTag: 'runtime:node', onlyDependOnLibsWithTags: ['runtime:any', 'runtime:node'] },
            // Packages: each rests on those above it.
            { sourceTag: 'scope:kzg', onlyDependOnLibsWithTags: ['scope:kzg'] },
            { sourceTag: 'scope:files', onlyDependOnLibsWithTags: ['scope:kzg', 'scope:files'] },
            { sourceTag: 'scope:verifier', onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier'] },
            {
              sourceTag: 'scope:reserves',
              onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier', 'scope:reserves'],
            },
            {
              sourceTag: 'scope:nodes',
              onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier', 'scope:reserves', 'scope:nodes'],
            },
            {
              sourceTag: 'scope:claims',
              onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier', 'scope:claims'],
            },
            {
              sourceTag: 'scope:claims-prove',
              onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier', 'scope:claims', 'scope:claims-prove'],
            },
            {
              sourceTag: 'scope:snapshot',
              onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier', 'scope:files', 'scope:snapshot'],
            },
            {
              sourceTag: 'scope:prover',
              onlyDependOnLibsWithTags: [
                'scope:kzg',
                'scope:verifier',
                'scope:reserves',
                'scope:claims',
                'scope:files',
                'scope:snapshot',
                'scope:prover',
              ],
            },
            { sourceTag: 'scope:client', onlyDependOnLibsWithTags: ['scope:client'] },
            // What is not published.
            { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:kzg', 'scope:shared'] },
            {
              sourceTag: 'scope:contracts',
              onlyDependOnLibsWithTags: ['scope:kzg', 'scope:verifier', 'scope:client', 'scope:contracts'],
            },
            {
              sourceTag: 'scope:kit',
              onlyDependOnLibsWithTags: [
                'scope:kzg',
                'scope:files',
                'scope:shared',
                'scope:contracts',
                'scope:kit',
              ],
            },
            {
              sourceTag: 'scope:database',
              onlyDependOnLibsWithTags: [
                'scope:kzg',
                'scope:files',
                'scope:verifier',
                'scope:reserves',
                'scope:nodes',
                'scope:claims',
                'scope:snapshot',
                'scope:prover',
                'scope:contracts',
                'scope:database',
              ],
            },
            {
              sourceTag: 'scope:service',
              onlyDependOnLibsWithTags: [
                'scope:kzg',
                'scope:files',
                'scope:verifier',
                'scope:reserves',
                'scope:nodes',
                'scope:claims',
                // On demand alone, for its GPL code: scripts/copyleft.mjs.
                'scope:claims-prove',
                'scope:snapshot',
                'scope:prover',
                'scope:contracts',
                'scope:kit',
                'scope:database',
              ],
            },
            { sourceTag: 'scope:local', notDependOnLibsWithTags: ['scope:dev', 'scope:app'] },
            { sourceTag: 'scope:dev', notDependOnLibsWithTags: ['scope:app'] },
            { sourceTag: 'scope:app', notDependOnLibsWithTags: ['scope:dev', 'scope:app'] },
          ],
        },
      ],
    },
  },
  {
    // A promise that nobody waits for loses its error.
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: './tsconfig.node.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['**/*.tsx'],
    languageOptions: {
      parserOptions: { project: './tsconfig.web.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['scripts/**/*.{mjs,cjs}', 'infra/**/*.mjs', 'libs/dev/**/*.mjs', 'bin/*', '*.mjs'],
    languageOptions: {
      parserOptions: { project: './tsconfig.scripts.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    // Nest reads the types of constructor parameters at run time: such imports may not become `import type`.
    files: ['libs/services/kit/**/*.ts', 'libs/services/**/*.ts', 'apps/**/*.ts'],
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
  },
  {
    files: anyRuntime,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'fs', 'path', 'crypto', 'worker_threads'],
              message: 'This library also runs in browsers.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', '__dirname'],
    },
  },
  {
    files: ['**/*.test.ts', '**/testing/**', 'libs/dev/benchmarks/**'],
    rules: {
      // Tests of any library may use the shared builders and vectors; the boundary is for what ships.
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  prettier,
);
