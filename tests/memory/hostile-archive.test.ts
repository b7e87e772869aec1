import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { importMemory, inspectArchive } from '../../engine/memory/index.ts';
import { serialiseConversations } from '../../engine/memory/conversations-entry.ts';
import { seal } from '../../engine/memory/sealed-json.ts';
import { readZipDirectory } from '../../engine/memory/zip-directory.ts';
import { centralHeader, endRecords, localHeader, localHeaderLength } from '../../engine/memory/zip-format.ts';
import { folderHash, temporaryFolder, writeSample } from './support/sample-memory.ts';
import { handMadeZip, type HandMadeArchive, type HandMadeEntry } from './support/zip-builder.ts';

type Sample = { readonly folder: string; readonly directory: string; readonly entries: readonly HandMadeEntry[] };

async function sample(t: TestContext): Promise<Sample> {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'inside', 'memory'), 3);
  const names = ['manifest.json', 'subtitles.json', 'features-000000.safetensors', 'thumbnails-000000.safetensors'];
  return { folder, directory, entries: names.map((name) => ({ name, data: readFileSync(path.join(directory, name)) })) };
}

/** The archive is refused by both ways to open it, and nothing of it is left anywhere. */
async function refuses(
  { folder }: Sample, entries: readonly HandMadeEntry[], code: string, message: RegExp, archive: HandMadeArchive = {},
): Promise<void> {
  const file = path.join(folder, 'hostile.longtake');
  writeFileSync(file, handMadeZip(entries, archive));
  await assert.rejects(importMemory(file, path.join(folder, 'inside', 'target')), { name: 'LongtakeError', code, message });
  await assert.rejects(inspectArchive(file), { name: 'LongtakeError', code, message });
  assert.deepEqual(readdirSync(folder).sort(), ['hostile.longtake', 'inside']);
  assert.deepEqual(readdirSync(path.join(folder, 'inside')), ['memory']);
}

const changed = (entries: readonly HandMadeEntry[], index: number, change: Partial<HandMadeEntry>): HandMadeEntry[] =>
  entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry));

suite('hostile archives', () => {
  test('an honest archive of another program, with 32-bit fields, is taken: the refusals below have their own reasons', async (t) => {
    const { folder, directory, entries } = await sample(t);
    const file = path.join(folder, 'honest.longtake');
    const asOthersWrite = entries.map((entry) => ({ ...entry, flags: 0x0800, externalAttributes: 0o100600 * 0x10000 }));
    const conversations = { name: 'conversations.json', data: serialiseConversations([{ id: 'x' }]) };
    writeFileSync(file, handMadeZip([...asOthersWrite, conversations]));
    const target = path.join(folder, 'target');
    assert.deepEqual((await importMemory(file, target)).conversations, [{ id: 'x' }]);
    assert.equal(folderHash(target), folderHash(directory));
  });

  const names: (readonly [string, string | Buffer])[] = [
    ['the folder above', '../evil.json'],
    ['the folder above, further in', 'features/../../evil.json'],
    ['an absolute path', '/tmp/evil.json'],
    ['a drive', 'C:/evil.json'],
    ['a backslash', '..\\evil.json'],
    ['a folder', 'folder/'],
    ['a subfolder', 'folder/evil.json'],
    ['no name', ''],
    ['a dot', '.'],
    ['a hidden file', '.bashrc'],
    ['a zero byte', 'manifest.json\0.exe'],
    ['a newline', 'evil\n.json'],
    ['a name that another system takes for a device', 'CON'],
    ['an alternate stream', 'manifest.json:evil'],
    ['capitals, which may be the same file', 'MANIFEST.JSON'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x2e, 0x2f])],
    ['look-alike letters', 'mаnifest.json'],
    ['a trailing space', 'manifest.json '],
  ];
  for (const [what, name] of names) {
    test(`an entry whose name is or has ${what}`, async (t) => {
      const made = await sample(t);
      await refuses(made, [...made.entries, { name, data: Buffer.from('evil') }], 'archive-hostile', /holds an entry named/u);
    });
  }

  test('a name that an extra field replaces is read as it stands', async (t) => {
    const made = await sample(t);
    const nameInExtra = Buffer.from('../evil.json');
    const extra = Buffer.alloc(9 + nameInExtra.byteLength);
    extra.writeUInt16LE(0x7075, 0);
    extra.writeUInt16LE(5 + nameInExtra.byteLength, 2);
    extra.writeUInt8(1, 4);
    nameInExtra.copy(extra, 9);
    const file = path.join(made.folder, 'x.longtake');
    writeFileSync(file, handMadeZip(changed(made.entries, 1, { extra })));
    await importMemory(file, path.join(made.folder, 'inside', 'target'));
    assert.equal(folderHash(path.join(made.folder, 'inside', 'target')), folderHash(made.directory));
  });

  test('an entry twice', async (t) => {
    const made = await sample(t);
    await refuses(made, [...made.entries, made.entries[2] as HandMadeEntry], 'archive-hostile', /features-000000\.safetensors twice/u);
  });

  test('one entry listed twice', async (t) => {
    const made = await sample(t);
    await refuses(made, made.entries, 'archive-hostile', /twice/u,
      { listed: (central) => [...central, central[1] as Buffer], count: made.entries.length + 1 });
  });

  test('two entries in the same bytes', async (t) => {
    const made = await sample(t);
    const overlapping = changed(made.entries, 3, { offset: 0 });
    await refuses(made, overlapping, 'archive-hostile', /bytes before thumbnails-000000\.safetensors that belong to nothing, or to two entries/u);
  });

  test('links, folders and devices by their attributes', async (t) => {
    const made = await sample(t);
    for (const externalAttributes of [0o120777 * 0x10000, 0o040755 * 0x10000, 0o020666 * 0x10000, 0x10]) {
      await refuses(made, changed(made.entries, 1, { externalAttributes }), 'archive-hostile', /a link, a folder or a device/u);
    }
  });

  test('a bomb: compressed entries', async (t) => {
    const made = await sample(t);
    const bomb = deflateRawSync(Buffer.alloc(1 << 24));
    await refuses(made, changed(made.entries, 2, { method: 8, data: bomb, uncompressedSize: 1 << 24 }), 'archive-hostile', /is compressed \(method 8\)/u);
  });

  test('a bomb: sizes that are not true', async (t) => {
    const made = await sample(t);
    const length = made.entries[2]?.data.byteLength ?? 0;
    await refuses(made, changed(made.entries, 2, { uncompressedSize: 2 ** 31 }), 'memory-invalid', /size mismatch/u);
    await refuses(made, changed(made.entries, 2, { size: 2 ** 31, localSize: 2 ** 31 }), 'memory-invalid', /reaches beyond its end/u);
    await refuses(made, changed(made.entries, 2, { size: length - 8 }), 'archive-hostile', /says of itself something else/u);
    await refuses(made, changed(made.entries, 2, { size: length - 8, localSize: length - 8 }), 'archive-hostile', /belong to nothing/u);
  });

  test('encryption, and sizes behind the data', async (t) => {
    const made = await sample(t);
    await refuses(made, changed(made.entries, 2, { flags: 1 }), 'memory-invalid', /directory cannot be read/u);
    await refuses(made, changed(made.entries, 2, { flags: 8 }), 'archive-hostile', /has its size behind it/u);
  });

  test('a local header that contradicts the directory', async (t) => {
    const made = await sample(t);
    await refuses(made, changed(made.entries, 1, { localName: 'subtitlez.json' }), 'archive-hostile', /says of itself something else/u);
  });

  test('bytes before, between, behind and after the entries', async (t) => {
    const made = await sample(t);
    await refuses(made, made.entries, 'archive-hostile', /bytes before manifest\.json/u, { prepend: Buffer.from('#!/bin/sh\n') });
    await refuses(made, changed(made.entries, 2, { before: Buffer.from('hidden') }), 'archive-hostile', /bytes before features-000000/u);
    await refuses(made, made.entries, 'memory-invalid', /something was added/u, { append: Buffer.from('trailing') });
    await refuses(made, made.entries, 'memory-invalid', /something was added/u, { comment: 'a comment' });
    await refuses(made, changed(made.entries, 1, { comment: 'hidden' }), 'archive-hostile', /has a comment/u);
    await refuses(made, made.entries, 'archive-hostile', /directory is not where/u, { listed: (central) => [...central, Buffer.from('hidden')], directoryOffset: 4 });
    await refuses(made, made.entries, 'archive-hostile', /belong to nothing/u, { listed: (central) => [...central, Buffer.from('hidden')] });
  });

  test('a directory that counts more or fewer entries than it has', async (t) => {
    const made = await sample(t);
    await refuses(made, made.entries, 'memory-invalid', /directory cannot be read/u, { count: 5, listed: (central) => [...central, Buffer.alloc(46)] });
    await refuses(made, made.entries, 'archive-hostile', /directory is not where/u, { count: 60_000 });
    await refuses(made, made.entries, 'archive-hostile', /belong to nothing/u, { count: 3 });
  });

  test('entries that the manifest does not know, lacks, or has in another order', async (t) => {
    const made = await sample(t);
    const [manifest, subtitles, features, thumbnails] = made.entries as [HandMadeEntry, HandMadeEntry, HandMadeEntry, HandMadeEntry];
    await refuses(made, [...made.entries, { name: 'extra.json', data: Buffer.from('{}') }], 'archive-hostile', /extra\.json, of which the manifest knows nothing/u);
    await refuses(made, [manifest, subtitles, features], 'memory-invalid', /thumbnails-000000\.safetensors is missing/u);
    await refuses(made, [manifest, features, subtitles, thumbnails], 'archive-hostile', /holds features-000000\.safetensors where subtitles\.json should be/u);
    await refuses(made, [subtitles, features, thumbnails], 'memory-invalid', /first entry is subtitles\.json/u);
    await refuses(made, [], 'memory-invalid', /first entry is missing/u);
  });

  test('entries of another size than the manifest says', async (t) => {
    const made = await sample(t);
    const data = Buffer.alloc(3);
    await refuses(made, changed(made.entries, 2, { data }), 'archive-hostile', /has 3 bytes, and the manifest says/u);
  });

  test('a newer version, whatever else it holds', async (t) => {
    const made = await sample(t);
    const data = seal({ format: 'longtake-memory', version: 2, novelties: [] });
    await refuses(made, [{ name: 'manifest.json', data }, { name: 'novelty.bin', data: Buffer.from('?') }], 'newer-version', /Update Longtake/u);
  });

  test('conversations with a wrong hash or shape', async (t) => {
    const made = await sample(t);
    const good = Buffer.from(serialiseConversations([{ id: 'x' }]));
    const flipped = Buffer.from(good);
    flipped.write('y', good.indexOf('"x"') + 1);
    await refuses(made, [...made.entries, { name: 'conversations.json', data: flipped }], 'memory-invalid', /conversations\.json.*is damaged/u);
    const other = seal({ format: 'longtake-conversations', version: 1, conversations: {} });
    await refuses(made, [...made.entries, { name: 'conversations.json', data: other }], 'memory-invalid', /does not hold conversations/u);
  });

  test('what is no archive at all', async (t) => {
    const { folder } = await sample(t);
    const file = path.join(folder, 'text.longtake');
    writeFileSync(file, 'just text, longer than the end of a zip file, and without any');
    await assert.rejects(inspectArchive(file), { code: 'memory-invalid' });
    writeFileSync(file, '');
    await assert.rejects(inspectArchive(file), { code: 'memory-invalid' });
    await assert.rejects(inspectArchive(folder), { name: 'LongtakeError' });
    await assert.rejects(inspectArchive(path.join(folder, 'none.longtake')), { code: 'file-not-found' });
  });
});

test('entries beyond 4 GiB are found where they are', async (t) => {
  const file = path.join(temporaryFolder(t), 'large.longtake');
  await using handle = await open(file, 'w+');
  const large = { name: 'features-000000.safetensors', byteLength: 5 * 2 ** 30, crc32: 1, offset: 0 };
  const small = { name: 'thumbnails-000000.safetensors', byteLength: 3, crc32: 2, offset: localHeaderLength(large.name) + large.byteLength };
  // The data of the large entry is a hole in the file: it takes no room on the disk and is not read.
  for (const entry of [large, small]) await handle.write(localHeader(entry), 0, undefined, entry.offset);
  const start = small.offset + localHeaderLength(small.name) + small.byteLength;
  const central = Buffer.concat([centralHeader(large), centralHeader(small)]);
  await handle.write(Buffer.concat([central, endRecords(2, start, start + central.byteLength)]), 0, undefined, start);
  const entries = await readZipDirectory(handle, file);
  assert.deepEqual(entries.map(({ name, offset, byteLength }) => ({ name, offset, byteLength })),
    [large, small].map(({ name, offset, byteLength }) => ({ name, offset, byteLength })));
  assert.ok((entries[1]?.dataStart ?? 0) > 2 ** 32);
});
