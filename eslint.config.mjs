import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const anyRuntime = [
  'libs/algebra/src/**/*.ts',
  'libs/proof/verify/src/**/*.ts',
  'libs/snapshot/src/**/*.ts',
  'libs/event-contracts/src/**/*.ts',
  'libs/client/src/**/*.ts',
];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'dist',
      'coverage',
      '**/generated',
      '.nx',
      '.cache',
      'libs/algebra/assembly',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
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
            { sourceTag: 'scope:algebra', onlyDependOnLibsWithTags: ['scope:algebra'] },
            { sourceTag: 'scope:files', onlyDependOnLibsWithTags: ['scope:algebra', 'scope:files'] },
            {
              sourceTag: 'scope:proof',
              onlyDependOnLibsWithTags: ['scope:algebra', 'scope:files', 'scope:proof'],
            },
            {
              sourceTag: 'scope:snapshot',
              onlyDependOnLibsWithTags: ['scope:algebra', 'scope:files', 'scope:proof', 'scope:snapshot'],
            },
            { sourceTag: 'scope:client', onlyDependOnLibsWithTags: ['scope:client'] },
            { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: ['scope:algebra', 'scope:contracts'] },
            {
              sourceTag: 'scope:kit',
              onlyDependOnLibsWithTags: ['scope:algebra', 'scope:files', 'scope:contracts', 'scope:kit'],
            },
            {
              sourceTag: 'scope:persistence',
              onlyDependOnLibsWithTags: [
                'scope:algebra',
                'scope:files',
                'scope:proof',
                'scope:snapshot',
                'scope:contracts',
                'scope:persistence',
              ],
            },
            {
              sourceTag: 'scope:service',
              onlyDependOnLibsWithTags: [
                'scope:algebra',
                'scope:files',
                'scope:proof',
                'scope:snapshot',
                'scope:contracts',
                'scope:kit',
                'scope:client',
                'scope:persistence',
              ],
            },
            { sourceTag: 'scope:testing', notDependOnLibsWithTags: ['scope:app'] },
            { sourceTag: 'scope:app', notDependOnLibsWithTags: ['scope:testing', 'scope:app'] },
          ],
        },
      ],
    },
  },
  {
    // Nest reads the types of constructor parameters at run time: such imports may not become `import type`.
    files: ['libs/service-kit/**/*.ts', 'libs/services/**/*.ts', 'apps/**/*.ts'],
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
    files: ['**/*.test.ts', 'apps/*/src/testing/**'],
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
