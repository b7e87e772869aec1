import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { openLibrary } from '../../engine/library/index.ts';
import { createEta } from '../../engine/pipeline/eta.ts';
import { defaultRoot, locationFile, openHome } from '../../engine/pipeline/home.ts';
import { moveLibrary } from '../../engine/pipeline/move-library.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-home-'));
after(() => { rmSync(scratch, { recursive: true, force: true }); });

suite('home', () => {
  test('LONGTAKE_HOME wins, otherwise each platform has its own folder', () => {
    assert.equal(defaultRoot({ LONGTAKE_HOME: '/data/x' }, 'linux'), '/data/x');
    assert.equal(defaultRoot({ XDG_DATA_HOME: '/data' }, 'linux'), '/data/longtake');
    assert.match(defaultRoot({}, 'linux'), /\.local\/share\/longtake$/);
    assert.match(defaultRoot({}, 'darwin'), /Application Support/);
  });

  test('a folder that cannot be made is refused with its name', () => {
    const file = path.join(scratch, 'a-file');
    writeFileSync(file, '');
    assert.throws(() => openHome(path.join(file, 'inside')), (error) => isLongtakeError(error, 'read-only') && error.message.includes(file));
  });

  test('a moved library is found again, with what was in it', async () => {
    const start = path.join(scratch, 'start');
    const home = openHome(start);
    const library = openLibrary(home.libraryFile);
    const { id } = library.videos.upsert({ fingerprint: 'v1-1-ab', title: 'one', path: '/one.mp4' });
    library.close();
    writeFileSync(path.join(home.memoriesDirectory, 'kept'), 'bytes');
    const to = path.join(scratch, 'elsewhere');
    await moveLibrary(home, to);
    const moved = openHome(start);
    assert.equal(moved.root, to);
    assert.ok(existsSync(path.join(moved.memoriesDirectory, 'kept')));
    using again = openLibrary(moved.libraryFile);
    assert.equal(again.videos.get(id).title, 'one');
  });

  test('a moved library comes back to where it was, and a move back that fails loses nothing', async () => {
    const start = path.join(scratch, 'there-and-back');
    openLibrary(openHome(start).libraryFile).close();
    const to = path.join(scratch, 'there');
    await moveLibrary(openHome(start), to);
    writeFileSync(path.join(to, 'memories', 'kept'), 'bytes');
    const signal = AbortSignal.abort();
    await assert.rejects(moveLibrary(openHome(start), start, { signal }), { code: 'cancelled' });
    assert.deepEqual([openHome(start).root, readdirSync(start)], [to, [locationFile]]);
    await moveLibrary(openHome(start), start);
    const back = openHome(start);
    assert.equal(back.root, start);
    assert.equal(readFileSync(path.join(back.memoriesDirectory, 'kept'), 'utf8'), 'bytes');
    assert.ok(existsSync(back.libraryFile));
    assert.deepEqual(readdirSync(to), []);
  });

  test('a library that another process has open does not move, and everything stays where it was', async () => {
    const home = openHome(path.join(scratch, 'open'));
    const to = path.join(scratch, 'not-there');
    writeFileSync(path.join(home.memoriesDirectory, 'kept'), 'bytes');
    using other = openLibrary(home.libraryFile);
    await assert.rejects(moveLibrary(home, to), { code: 'library-busy', message: /Close the other/u });
    // The same where it is only found out at the end, because the caller had the library open itself.
    await assert.rejects(moveLibrary(home, to, { closeLibrary: () => Promise.resolve() }), { code: 'library-busy' });
    assert.deepEqual([openHome(home.defaultRoot).root, readdirSync(to)], [home.root, []]);
    assert.ok(existsSync(path.join(home.memoriesDirectory, 'kept')));
    other.settings.set('still', 'here');
  });

  test('what another process adds while a library is being copied moves along', async () => {
    const home = openHome(path.join(scratch, 'added'));
    const to = path.join(scratch, 'with-addition');
    openLibrary(home.libraryFile).close();
    writeFileSync(path.join(home.memoriesDirectory, 'grows'), 'one');
    await moveLibrary(home, to, {
      closeLibrary: () => {
        writeFileSync(path.join(home.memoriesDirectory, 'grows'), 'one and two');
        writeFileSync(path.join(home.memoriesDirectory, 'new'), 'three');
        return Promise.resolve();
      },
    });
    const moved = openHome(home.defaultRoot).memoriesDirectory;
    assert.deepEqual(['grows', 'new'].map((name) => readFileSync(path.join(moved, name), 'utf8')), ['one and two', 'three']);
    assert.deepEqual(readdirSync(home.root).sort(), [locationFile]);
  });

  test('a pointer that cannot be read is named, with what to write into it', () => {
    const start = path.join(scratch, 'broken-pointer');
    mkdirSync(start);
    for (const text of ['', '{"version": 1', '{"version": 2, "root": "/x"}']) {
      writeFileSync(path.join(start, locationFile), text);
      assert.throws(() => openHome(start), (error) => isLongtakeError(error, 'file-unreadable') && error.message.includes(path.join(start, locationFile)));
    }
  });

  test('a library on a drive that is not there is not replaced by an empty one', async () => {
    const start = path.join(scratch, 'away');
    const to = path.join(scratch, 'drive');
    await moveLibrary(openHome(start), to);
    rmSync(to, { recursive: true });
    assert.throws(() => openHome(start), (error) => isLongtakeError(error, 'file-not-found') && error.message.includes(to));
  });

  test('a library does not move into a folder that holds something, nor into itself', async () => {
    const home = openHome(path.join(scratch, 'full'));
    for (const to of [path.join(home.root, 'inside'), scratch]) {
      await assert.rejects(moveLibrary(home, to), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes(to));
    }
  });
});

suite('eta', () => {
  test('follows the recent speed', () => {
    let nowMs = 0;
    const eta = createEta(() => nowMs);
    assert.equal(eta(0, 100), undefined);
    for (nowMs = 1000; nowMs <= 10_000; nowMs += 1000) eta(nowMs / 1000, 100); // one a second
    nowMs = 10_000;
    assert.ok(Math.abs((eta(10, 100) ?? 0) - 90) < 1);
  });

  test('says nothing where the end is not known', () => {
    let nowMs = 0;
    const eta = createEta(() => (nowMs += 1000));
    eta(1, undefined);
    assert.equal(eta(2, undefined), undefined);
  });
});
