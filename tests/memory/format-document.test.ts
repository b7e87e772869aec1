import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { exportMemory, importMemory, MemoryWriter } from '../../engine/memory/index.ts';
import { readZipDirectory } from '../../engine/memory/zip-directory.ts';
import { folderHash, temporaryFolder } from './support/sample-memory.ts';

const document = path.join(import.meta.dirname, '..', '..', 'docs', 'memory-format.md');
const [begin, end] = ['<!-- example: begin -->\n', '<!-- example: end -->'] as const;

const conversations = [{
  id: '8f14e45f-ceea-467f-8c6e-3c2f5a3c1d77', title: 'The cat', activeLeafId: 'c9f0f895-fb98-4b91-9a3e-2f2a9b7f4e0d', createdAtMs: 0, updatedAtMs: 2,
  messages: [
    { id: '45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26', parentId: null, role: 'user', content: 'Where is the cat?', createdAtMs: 1 },
    { id: 'c9f0f895-fb98-4b91-9a3e-2f2a9b7f4e0d', parentId: '45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26', role: 'assistant', content: 'On the roof, at 0:01.', createdAtMs: 2 },
  ],
}];

async function writeExample(folder: string): Promise<{ directory: string; archive: string }> {
  const directory = path.join(folder, 'memory');
  const writer = await MemoryWriter.create(directory, {
    video: { fingerprint: 'example-video', fileName: 'cat.mp4', durationSeconds: 6 },
    encoder: { fingerprint: 'example-encoder', name: 'siglip-example', imageSize: 96 },
    features: { tokensPerFrame: 2, channels: 2, dtype: 'F16' },
    mode: 'exact',
  });
  await writer.append({
    // 1, 2, 3, 4; 0.5, 0, -0, -1; 65504, 0.000061, 0.333, -2
    features: Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400, 0x3800, 0x0000, 0x8000, 0xbc00, 0x7bff, 0x0400, 0x3555, 0xc000),
    ptsSeconds: [0, 1.001, 5.005],
    thumbnails: [Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), new Uint8Array(), Uint8Array.of(0xff, 0xd8, 0x00, 0xff, 0xd9)],
    gaps: [{ startSeconds: 2, endSeconds: 5, reason: 'unreadable' }],
  });
  await writer.finish({
    durationSeconds: 6, subtitles: [{ language: 'en', source: 'sidecar', cues: [{ startSeconds: 1, endSeconds: 2.5, text: 'Meow.' }] }],
  });
  const archive = path.join(folder, 'cat.longtake');
  await exportMemory(directory, archive, { conversations });
  return { directory, archive };
}

function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.byteLength; offset += 16) {
    const row = bytes.subarray(offset, offset + 16);
    const text = row.toString('latin1').replaceAll(/[^\x20-\x7e]/gu, '.');
    lines.push(`${offset.toString(16).padStart(4, '0')}  ${[...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ').padEnd(48)} ${text}`);
  }
  return lines.join('\n');
}

async function describeExample({ directory, archive }: { directory: string; archive: string }): Promise<string> {
  const read = (name: string): Buffer => readFileSync(path.join(directory, name));
  const block = (title: string, language: string, content: string): string => `\`${title}\`\n\n\`\`\`${language}\n${content.trimEnd()}\n\`\`\`\n\n`;
  await using handle = await open(archive, 'r');
  const entries = await readZipDirectory(handle, archive);
  const last = entries.at(-1);
  assert.ok(last);
  const conversationsText = readFileSync(archive).subarray(last.dataStart, last.dataStart + last.byteLength).toString();
  const listing = ['header at     data at       bytes   CRC-32     name',
    ...entries.map(({ offset, dataStart, byteLength, crc32, name }) =>
      `${String(offset).padStart(9)} ${String(dataStart).padStart(11)} ${String(byteLength).padStart(11)}   ${crc32.toString(16).padStart(8, '0')}   ${name}`)];
  const bytes = readFileSync(archive);
  return block('manifest.json', 'json', read('manifest.json').toString())
    + block('features-000000.safetensors', 'text', hexDump(read('features-000000.safetensors')))
    + block('thumbnails-000000.safetensors', 'text', hexDump(read('thumbnails-000000.safetensors')))
    + block('subtitles.json', 'json', read('subtitles.json').toString())
    + `\`cat.longtake\`: ${bytes.byteLength} bytes, sha256 \`${createHash('sha256').update(bytes).digest('hex')}\`\n\n\`\`\`text\n${listing.join('\n')}\n\`\`\`\n\n`
    + `Its first entry's local header, and its end:\n\n\`\`\`text\n${hexDump(bytes.subarray(0, entries[0]?.dataStart))}\n\n${hexDump(bytes.subarray(-98))}\n\`\`\`\n\n`
    + block('conversations.json', 'json', conversationsText);
}

test('the example in docs/memory-format.md is what the code writes (UPDATE_DOCS=1 writes it anew)', async (t) => {
  const example = await describeExample(await writeExample(temporaryFolder(t)));
  const text = readFileSync(document, 'utf8');
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  const after = text.slice(text.indexOf(end));
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(document, `${before}${example}${after}`);
  else assert.equal(text.slice(before.length, text.indexOf(end)), example);
});

test('the reader in docs/memory-format.md reads the example, and Longtake reads what it writes', async (t) => {
  if (spawnSync('python3', ['--version']).status !== 0) {
    t.skip('there is no Python on this machine');
    return;
  }
  const folder = temporaryFolder(t);
  const { directory, archive } = await writeExample(folder);
  const code = /```python\n(.*?)```/su.exec(readFileSync(document, 'utf8'))?.[1] ?? '';
  const copy = path.join(folder, 'copy.longtake');
  const run = spawnSync('python3', ['-', directory, archive, copy], { input: code, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(JSON.parse(run.stdout), [
    { seconds: 0, features: [1, 2, 3, 4], jpeg: 'ffd8ffd9' },
    { seconds: 1.001, features: [0.5, 0, -0, -1], jpeg: '' },
    { seconds: 5.005, features: [65504, 2 ** -14, 0.333251953125, -2], jpeg: 'ffd800ffd9' },
  ]);
  assert.deepEqual((await importMemory(copy, path.join(folder, 'imported'))).conversations, conversations);
  assert.equal(folderHash(path.join(folder, 'imported')), folderHash(directory));
  assert.ok(readdirSync(folder).includes('imported'));
});
