/**
 * `npm run package`: the installers for this platform, in out/packages. `-- --dir` makes only the folder that they hold.
 * What it downloads, and how to do without, is in docs/packaging.md.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, Platform } from 'electron-builder';
import { builderConfiguration } from '../electron/packaging/builder.ts';
import { stagePackage } from '../electron/packaging/stage.ts';
import { currentTarget } from '../electron/packaging/target.ts';
import { buildIfStale } from './build.ts';

const root = path.dirname(import.meta.dirname);
const output = path.join(root, 'out');

const target = currentTarget();
await buildIfStale();
const staged = stagePackage({ root, directory: path.join(output, 'staged'), output, target });
const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly devDependencies: Readonly<Record<string, string>> };
const electronVersion = devDependencies['electron'];
if (electronVersion === undefined) throw new Error('package.json names no version of Electron.');
const distribution = process.env['LONGTAKE_ELECTRON_DIST'];

const platform = { linux: Platform.LINUX, darwin: Platform.MAC, win32: Platform.WINDOWS }[target.platform];
const made = await build({
  projectDir: root,
  targets: process.argv.includes('--dir') ? platform.createTarget('dir') : platform.createTarget(),
  config: builderConfiguration({
    root, staged, electronVersion, output: path.join(output, 'packages'), ...(distribution !== undefined && { electronDistribution: distribution }),
  }),
});
for (const file of made) console.log(file);
