import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import type { GraphBuilder } from '../../engine/graph/graph-builder.ts';

/** Runs a graph once on the CPU; outputs by name. */
export async function runGraph(graph: GraphBuilder, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const directory = await mkdtemp(join(tmpdir(), 'longtake-graph-'));
  try {
    await writeFile(join(directory, 'graph.onnx'), graph.encode());
    const session = await InferenceSession.create(join(directory, 'graph.onnx'), { executionProviders: ['cpu'] });
    const results = await session.run(feeds);
    await session.release();
    return results as Record<string, Tensor>;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A reproducible wave of numbers between −1 and 1. */
export function wave(length: number, step: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, index) => Math.sin(step * (index + 1)));
}

/** The largest difference of two arrays of the same length. */
export function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let worst = left.length === right.length ? 0 : Infinity;
  for (let index = 0; index < left.length; index += 1) {
    const difference = Math.abs((left[index] as number) - (right[index] as number));
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }
  return worst;
}
