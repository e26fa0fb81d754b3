import tseslint from 'typescript-eslint';
import { fixupPluginRules } from '@eslint/compat';
import sfPlugin from 'eslint-plugin-sf-plugin';

export default tseslint.config(
  { ignores: ['lib/', 'node_modules/', 'test/**/*.{mjs,cjs}'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './test/tsconfig.json' } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    // the plugin still uses calls that ESLint 9 removed
    plugins: { 'sf-plugin': fixupPluginRules(sfPlugin) },
    rules: sfPlugin.configs.recommended.rules,
  },
  {
    // rooms decide; what asks the machine lies in their io/ and comes in as a value
    files: ['src/*/**/*.ts'],
    ignores: ['src/**/io/*.ts', 'src/{wiring,commands,hooks,emulator}/**'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout'],
      'no-restricted-syntax': [
        'error',
        ...[
          ':not(AssignmentPattern) > NewExpression[callee.name="Date"][arguments.length=0]',
          'MemberExpression[object.name="Date"][property.name="now"]',
          'MemberExpression[object.name="Math"][property.name="random"]',
        ].map((selector) => ({ selector, message: 'Time and chance come in as a value or through a port.' })),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // fakes implement asynchronous ports without waiting for anything
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-function-return-type': 'off',
      'max-lines': 'off',
    },
  },
  {
    // a program that prints its table
    files: ['test/bench/run.ts'],
    rules: { 'no-console': 'off' },
  },
);
