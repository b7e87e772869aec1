/** Loaded before main.js: its `electron` is the double, and the process looks as Electron's does. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const double = pathToFileURL(path.join(import.meta.dirname, 'electron-module.ts')).href;
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: double, format: 'module-typescript', shortCircuit: true } : next(specifier, context)),
});
Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: process.cwd() });
Object.defineProperty(process.versions, 'electron', { value: process.env['ELECTRON_DOUBLE_ELECTRON_VERSION'] });
