import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes } from '../../../renderer/format/bytes.ts';

test('sizes are decimal and short, and bytes are counted as a language counts them', () => {
  assert.deepEqual([0, 1, 6, 999, 4007, 1_300_000, 32_000_000_000].map((byteLength) => formatBytes(byteLength, 'en')), ['0 bytes', '1 byte', '6 bytes', '999 bytes', '4 kB', '1.3 MB', '32 GB']);
  assert.deepEqual([6, 1_300_000].map((byteLength) => formatBytes(byteLength, 'zh')), ['6字节', '1.3 MB']);
});
