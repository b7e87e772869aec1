import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * The layering of the engine. A folder may import itself and what stands behind it here, nothing else:
 * imports point one way, and `npm run lint` prints what is allowed (docs/architecture.md).
 */
const allowedImports = {
  protocol: [],
  graph: ['protocol'],
  kernels: ['protocol'],
  checkpoint: ['protocol'],
  models: ['protocol', 'graph', 'checkpoint'],
  runtime: ['protocol', 'graph', 'kernels', 'checkpoint', 'models'],
  media: ['protocol'],
  memory: ['protocol'],
  library: ['protocol'],
  chat: ['protocol', 'checkpoint', 'models', 'runtime', 'memory'],
  pipeline: ['protocol', 'checkpoint', 'models', 'runtime', 'media', 'memory', 'library', 'chat'],
  evaluation: ['protocol', 'checkpoint', 'models', 'runtime', 'media', 'memory', 'library', 'chat', 'pipeline'],
  server: ['protocol', 'models', 'runtime', 'media', 'memory', 'library', 'chat', 'pipeline'],
  cli: ['protocol', 'models', 'runtime', 'media', 'memory', 'library', 'chat', 'pipeline', 'evaluation', 'server'],
};
const engineFolders = Object.keys(allowedImports);

/** Modules that only one folder may use, so that replacing one stays a change in one folder. */
const ownedModules = { 'onnxruntime-node': ['runtime'], webgpu: ['kernels'], 'node:sqlite': ['library'], 'node:child_process': ['media', 'runtime', 'server'],
  '@modelcontextprotocol/server': ['server'], '@modelcontextprotocol/server/stdio': ['server'] };

const layering = engineFolders.map((folder) => ({
  files: [`engine/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: engineFolders
        .filter((other) => other !== folder && !allowedImports[folder].includes(other))
        .map((other) => ({
          regex: `^(\\.\\./)+${other}/`,
          message: `engine/${folder} may import: ${[folder, ...allowedImports[folder]].join(', ')}.`,
        })),
      paths: Object.entries(ownedModules)
        .filter(([, owners]) => !owners.includes(folder))
        .map(([name, owners]) => ({ name, message: `${name} belongs to engine/${owners.join(' and engine/')}.` })),
    }],
  },
}));

/**
 * The layering of the page, from below. Features stand beside each other: what two of them need lies further down, and
 * what one shows of another is handed to it by `app`.
 */
const base = ['format', 'geometry', 'style', 'i18n'];
const featureBase = [...base, 'components', 'shell', 'store', 'actions'];
const allowedInRenderer = {
  format: [],
  geometry: [],
  style: [],
  i18n: [],
  components: base,
  shell: base,
  store: [...base, 'shell'],
  actions: [...base, 'shell', 'store'],
  files: featureBase,
  player: featureBase,
  timeline: featureBase,
  chapters: featureBase,
  chat: featureBase,
  library: featureBase,
  search: featureBase,
  survey: [...featureBase, 'chat', 'library'],
  models: [...featureBase, 'files'],
  settings: [...featureBase, 'files', 'models'],
  app: [...featureBase, 'files', 'player', 'timeline', 'chapters', 'chat', 'library', 'search', 'survey', 'models', 'settings'],
};

/** The programs around the engine: what each may take of the others, besides itself. */
const programBorder = (...allowed) => ({
  regex: `^(\\.\\./)+(?!${allowed.map((one) => one.replace('.', '\\.')).join('|')})(engine|electron|renderer|tests|scripts)/`,
  message: `This program may import ${allowed.join(', ')}.`,
});
const pageBorder = [programBorder('engine/protocol', 'electron/bridge.ts'), { regex: '^(node:|electron$)', message: 'A page has no Node and no Electron.' }];

const shellLayering = [
  { files: ['renderer/**/*.{ts,tsx}'], ignores: ['renderer/vite.config.ts'], rules: { 'no-restricted-imports': ['error', { patterns: pageBorder }] } },
  { files: ['electron/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [programBorder('engine/protocol', 'engine/server')] }] } },
  // The last that names a file is what holds for it, so a folder of the page repeats the page's border.
  ...Object.entries(allowedInRenderer).map(([folder, allowed]) => ({
    files: [`renderer/${folder}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [...pageBorder, {
          regex: `^(\\.\\./)+(?!\\.\\./|(${[folder, ...allowed].join('|')})/|engine/|electron/)`,
          message: `renderer/${folder} may import: ${[folder, ...allowed].join(', ')}.`,
        }],
      }],
      // The rule above does not see what is imported when it is needed.
      'no-restricted-syntax': ['error', { selector: 'ImportExpression[source.value=/^\\.\\./]', message: 'A folder fetches only its own parts later.' }],
    },
  })),
];

export default tseslint.config(
  { ignores: ['node_modules', 'out', '.cache', 'training'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [
        { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'] }] }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } }],
      'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['renderer/**/*.tsx', 'renderer/**/*.ts'], plugins: { 'react-hooks': reactHooks }, rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' } },
  // Vite reads its configuration from the default export.
  { files: ['renderer/vite.config.ts'], rules: { 'no-restricted-exports': 'off' } },
  ...layering,
  ...shellLayering,
  { files: ['engine/cli/**/*.ts', 'scripts/**', 'tests/**/*.ts'], rules: { 'no-console': 'off' } },
);
