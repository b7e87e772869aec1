import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { openLibrary } from '../../engine/library/index.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { newChat, temporaryFolder } from './support/sample-library.ts';

/** A library with some content, closed, so that everything is in its one file. */
function closedLibrary(t: TestContext): string {
  const file = path.join(temporaryFolder(t), 'library.sqlite');
  using library = openLibrary(file);
  const { say } = newChat(library);
  library.transaction(() => { for (let index = 0; index < 300; index++) say('user', `message ${index}`); });
  return file;
}

test('a library keeps what it has when it is opened again', (t) => {
  const file = closedLibrary(t);
  assert.deepEqual(readdirSync(path.dirname(file)), ['library.sqlite']);
  using library = openLibrary(file);
  assert.equal(library.search('message 299').length, 1);
  using database = new DatabaseSync(file, { readOnly: true });
  assert.deepEqual({ ...database.prepare('SELECT version FROM migrations').get() }, { version: 1 });
});

test('files that are no library are refused and stay as they are', (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'library.sqlite');
  const contents = [
    Buffer.from('this is text, and long enough to be looked at as a database header, is it not? '.repeat(4)),
    Buffer.concat([readFileSync(closedLibrary(t)).subarray(0, 100), Buffer.alloc(5000, 0xa5)]),
    Buffer.concat([Buffer.alloc(16), readFileSync(closedLibrary(t)).subarray(16)]),
  ];
  for (const content of contents) {
    writeFileSync(file, content);
    assert.throws(() => openLibrary(file), { name: 'LongtakeError', code: 'file-unreadable', message: /Nothing was changed/u });
    assert.deepEqual(readFileSync(file), content);
    assert.deepEqual(readdirSync(folder), ['library.sqlite']);
  }
  assert.throws(() => openLibrary(folder), { name: 'LongtakeError' });
});

test('the database of another program is refused and stays as it is', (t) => {
  const file = path.join(temporaryFolder(t), 'library.sqlite');
  new DatabaseSync(file).exec('CREATE TABLE bookmarks (url TEXT)');
  const before = readFileSync(file);
  assert.throws(() => openLibrary(file), { code: 'file-unreadable', message: /database of another program.*Nothing was changed/u });
  assert.deepEqual(readFileSync(file), before);
});

test('a library of a newer version is refused with what to do and stays as it is', (t) => {
  const file = closedLibrary(t);
  const newer = new DatabaseSync(file);
  newer.exec(`INSERT INTO migrations (version, name, appliedAtMs) VALUES (1000, 'of the future', 0)`);
  newer.close();
  const before = readFileSync(file);
  assert.throws(() => openLibrary(file), { code: 'newer-version', message: /schema 1000; this one knows up to \d+.*Update Longtake/u });
  assert.deepEqual(readFileSync(file), before);
});

test('damage inside is reported when it is met, and never makes anything else than a refusal', (t) => {
  const file = closedLibrary(t);
  const bytes = readFileSync(file);
  let refused = 0;
  for (let page = 1; page * 4096 < bytes.byteLength; page++) {
    const damaged = Buffer.from(bytes).fill(0x5a, page * 4096, page * 4096 + 600);
    writeFileSync(file, damaged);
    try {
      using library = openLibrary(file);
      for (const { id } of library.conversations.list()) library.messages.activePath(id);
      library.search('message 7');
    } catch (error) {
      assert.ok(isLongtakeError(error, 'file-unreadable'), String(error));
      refused++;
    }
  }
  assert.ok(refused > 5, `only ${refused} damages were met`);
});

test('a folder that cannot be written is said to be so', (t) => {
  const folder = temporaryFolder(t);
  const readOnly = process.getuid?.() === 0 ? '/sys' : path.join(folder, 'read-only');
  if (!existsSync(readOnly)) mkdirSync(readOnly);
  if (readOnly !== '/sys') {
    chmodSync(readOnly, 0o555);
    t.after(() => { chmodSync(readOnly, 0o755); });
  }
  assert.throws(() => openLibrary(path.join(readOnly, 'library.sqlite')), { code: 'read-only', message: /Make it writable, or set LONGTAKE_HOME/u });
});

/** Runs a script on a drive of one megabyte, with `openLibrary` and the place of a library there; undefined where this system lets no test mount one. */
function runOnSmallDrive(t: TestContext, script: string): string | undefined {
  const drive = temporaryFolder(t);
  const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
  const onSmallDrive = ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, drive];
  if (spawnSync('unshare', [...onSmallDrive, 'true']).status !== 0) {
    t.skip('this system does not let a test mount a small drive');
    return undefined;
  }
  const imports = `import { openLibrary } from ${JSON.stringify(path.join(import.meta.dirname, '../../engine/library/index.ts'))};`;
  const run = spawnSync('unshare', [...onSmallDrive, process.execPath, '--input-type=module-typescript', '--eval', imports + script, path.join(drive, 'library.sqlite')],
    { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

test('a library on a full drive says so, and keeps what it had', (t) => {
  const printed = runOnSmallDrive(t, `
    using library = openLibrary(process.argv[1]);
    library.settings.set('small', 'kept');
    try {
      library.settings.set('large', 'x'.repeat(1 << 20));
    } catch (error) {
      console.log(error.name, error.code, error.message);
    }
    library.settings.set('other', 'goes on');
    console.log(JSON.stringify(library.settings.all()));`);
  if (printed !== undefined) assert.match(printed, /^LongtakeError disk-full The library .* the disk is full\. Nothing was lost.*\n\{"other":"goes on","small":"kept"\}\n$/u);
});

test('a library on a drive without room for its log says that the drive is full, not that it is broken', (t) => {
  const printed = runOnSmallDrive(t, `
    import { statfsSync, writeFileSync } from 'node:fs';
    import path from 'node:path';
    const file = process.argv[1];
    openLibrary(file).close();
    const { bavail, bsize } = statfsSync(path.dirname(file));
    writeFileSync(path.join(path.dirname(file), 'filler'), Buffer.alloc(bavail * bsize));
    try {
      openLibrary(file);
    } catch (error) {
      console.log(error.code, error.data.sqliteMessage);
    }`);
  if (printed !== undefined) assert.equal(printed, 'disk-full disk I/O error\n');
});
