import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeThumbnails, encodeFeatures, encodeThumbnails, locateFeatures } from '../../engine/memory/chunk.ts';
import { mergeGaps } from '../../engine/memory/resume.ts';
import { readHeader } from '../../engine/memory/safetensors.ts';
import { seal, unseal } from '../../engine/memory/sealed-json.ts';
import { fc, runs } from '../support/properties.ts';

test('sealed JSON comes back as it was, and with any byte changed it does not', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (content, place, change) => {
    const bytes = seal({ format: 'test', version: 1, content });
    const { value, sha256 } = unseal(bytes, 'test', 1, 'x.json');
    assert.deepEqual(value, { ...JSON.parse(JSON.stringify({ format: 'test', version: 1, content })), sha256 });
    const offset = place % bytes.byteLength;
    bytes[offset] = (bytes[offset] ?? 0) ^ change;
    assert.throws(() => unseal(bytes, 'test', 1, 'x.json'), { name: 'LongtakeError' });
  }), { numRuns: runs(300) });
});

test('sealed JSON with something behind it, or a hash of capitals, is not taken', () => {
  const bytes = seal({ format: 'test', version: 1 });
  const text = Buffer.from(bytes).toString();
  for (const other of [`${text} `, text.replace(/[a-f0-9]{64}/u, (hash) => hash.toUpperCase()), text.replace('}', ' }')]) {
    assert.throws(() => unseal(Buffer.from(other), 'test', 1, 'x.json'), { code: 'memory-invalid' });
  }
});

test('features and times are found where they were put, aligned to their elements', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (frames, tokens, channels) => {
    const pts = Float64Array.from({ length: frames }, (_, frame) => frame + 0.25);
    const features = Uint16Array.from({ length: frames * tokens * channels }, (_, value) => value * 257);
    const bytes = Buffer.concat(encodeFeatures(pts, features, tokens, channels));
    const places = locateFeatures(bytes, bytes.byteLength, [frames, tokens, channels], 'x');
    assert.equal(places.pts.start % 8, 0);
    assert.equal(bytes.readDoubleLE(places.pts.end - 8), frames - 0.75);
    assert.equal(places.features.end, bytes.byteLength);
    assert.equal(bytes.readUInt16LE(places.features.end - 2), features.at(-1));
    assert.throws(() => locateFeatures(bytes, bytes.byteLength, [frames + 1, tokens, channels], 'x'), { code: 'memory-invalid' });
  }));
});

test('thumbnails of any lengths come back, empty ones too', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { minLength: 1, maxLength: 8 }), (thumbnails) => {
    const bytes = Buffer.concat(encodeThumbnails(thumbnails));
    assert.deepEqual(decodeThumbnails(bytes, thumbnails.length, 'x').map((jpeg) => new Uint8Array(jpeg)), thumbnails);
    assert.throws(() => decodeThumbnails(bytes, thumbnails.length + 1, 'x'), { code: 'memory-invalid' });
  }));
});

test('a tensor file of any bytes gives tensors inside of it or a refusal, never anything else', () => {
  const tensor = fc.record({
    dtype: fc.constantFrom('F64', 'U32', 'F16', 'U8', 'BF16'),
    shape: fc.array(fc.oneof(fc.nat(9), fc.integer(), fc.constant(2 ** 53)), { maxLength: 3 }),
    data_offsets: fc.tuple(fc.oneof(fc.nat(40), fc.integer()), fc.oneof(fc.nat(40), fc.maxSafeInteger())),
  });
  const anyFile = fc.tuple(fc.record({ jpeg: tensor }), fc.uint8Array({ maxLength: 40 }), fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))).map(([header, data, length]) => {
    const json = Buffer.from(JSON.stringify(header));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(length ?? BigInt(json.byteLength));
    return Buffer.concat([prefix, json, data]);
  });
  fc.assert(fc.property(fc.oneof(anyFile, fc.uint8Array({ maxLength: 60 })), (bytes) => {
    try {
      const { start, end } = readHeader(bytes, bytes.byteLength, 'x')('jpeg', 'U8');
      assert.ok(start >= 0 && start <= end && end <= bytes.byteLength);
    } catch (error) {
      assert.equal(error instanceof Error && error.name, 'LongtakeError', String(error));
    }
  }), { numRuns: runs(500) });
});

test('gaps are kept in order, each stretch of one reason once, however it was reported', () => {
  const gap = (startSeconds: number, endSeconds: number, reason = 'unreadable') => ({ startSeconds, endSeconds, reason });
  assert.deepEqual(mergeGaps([gap(9, 12), gap(1, 2), gap(9, 12), gap(12, 14), gap(1, 2, 'damaged'), gap(15, 16)]),
    [gap(1, 2, 'damaged'), gap(1, 2), gap(9, 14), gap(15, 16)]);
  const whole = [gap(3, 9), gap(4, 20, 'damaged'), gap(30, 31)];
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 35 }), { maxLength: 6 }), (kills) => {
    const reported = kills.flatMap((kill) => [
      ...whole.filter(({ startSeconds }) => startSeconds < kill).map((each) => ({ ...each, endSeconds: Math.min(each.endSeconds, kill) })),
      ...whole.filter(({ endSeconds }) => endSeconds > kill).map((each) => ({ ...each, startSeconds: Math.max(each.startSeconds, kill) })),
    ]);
    assert.deepEqual(mergeGaps([...whole, ...reported]), whole);
    assert.deepEqual(mergeGaps(reported), kills.length === 0 ? [] : whole);
  }));
});
