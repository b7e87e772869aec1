import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../engine/graph/graph-builder.ts';
import { elementwise } from '../../engine/graph/operators.ts';
import { WeightFile } from '../../engine/graph/weight-file.ts';

test('tensors are appended on aligned offsets and the hash is that of the file', async () => {
  await inScratch(async (directory) => {
    const path = join(directory, 'all.weights');
    const file = await WeightFile.create(path);
    const first = await file.append(Uint8Array.of(1, 2, 3));
    const second = await file.append(new Uint8Array(200_000).fill(7));
    const third = await file.appendParts(4, [Uint8Array.of(8, 9), Uint8Array.of(10, 11)]);
    const summary = await file.close();
    const bytes = await readFile(path);
    assert.equal(first.byteOffset, 0);
    assert.equal(second.byteOffset % 65_536, 0);
    assert.equal(third.byteOffset % 64, 0);
    assert.deepEqual([...bytes.subarray(third.byteOffset)], [8, 9, 10, 11]);
    assert.equal(bytes[second.byteOffset + 199_999], 7);
    assert.equal(summary.byteLength, bytes.length);
    assert.equal(summary.sha256, createHash('sha256').update(bytes).digest('hex'));
  });
});

test('ONNX Runtime reads a tensor that begins beyond four gigabytes', async () => {
  await inScratch(async (directory) => {
    const file = await WeightFile.createSparse(join(directory, 'far.weights'), 5 * 1024 ** 3);
    const values = Float32Array.of(1, 20, 300);
    const stored = await file.append(new Uint8Array(values.buffer));
    await file.close();
    assert.ok(stored.byteOffset > 2 ** 32);
    const graph = new GraphBuilder('far', '');
    const input = graph.input('input', 'float32', [3]);
    graph.output('sum', elementwise(graph, 'Add', input, graph.stored('far', 'float32', [3], stored)));
    await writeFile(join(directory, 'far.onnx'), graph.encode());
    const session = await InferenceSession.create(join(directory, 'far.onnx'), { executionProviders: ['cpu'] });
    const { sum } = await session.run({ input: new Tensor('float32', Float32Array.of(0.5, 0.5, 0.5), [3]) });
    assert.deepEqual(Array.from(sum?.data as Float32Array), [1.5, 20.5, 300.5]);
    await session.release();
  });
});

async function inScratch(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'longtake-weights-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
