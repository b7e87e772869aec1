import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../../engine/graph/graph-builder.ts';
import { attendAll } from '../../../engine/models/attention.ts';
import { numberTensor, numbersOf } from '../../../engine/runtime/tensors.ts';
import type { Numbers } from '../../../engine/runtime/tensors.ts';

/** The same attention by ONNX Runtime's WebGPU provider; the fastest run, which includes the way of all tensors to the device. */
export async function measureOnnxRuntime(query: Numbers, key: Numbers, value: Numbers, keyHeads: number, headSize: number, runs: number): Promise<{ seconds: number; found: Numbers }> {
  const channels = keyHeads * headSize;
  const graph = new GraphBuilder('attention_bench', 'Fused attention');
  const input = (name: string, size: string) => graph.input(name, 'float16', [1, size, channels]);
  graph.output('attended', attendAll(graph, 'fused', input('query', 'rows'), input('key', 'keys'), input('value', 'keys'), keyHeads));
  const directory = await mkdtemp(path.join(tmpdir(), 'longtake-attention-'));
  try {
    const file = path.join(directory, 'attention.onnx');
    await writeFile(file, graph.encode());
    const session = await InferenceSession.create(file, { executionProviders: ['webgpu'], logSeverityLevel: 3 });
    const tensor = (numbers: Numbers) => numberTensor(numbers, [1, numbers.length / channels, channels]);
    const feeds = { query: tensor(query), key: tensor(key), value: tensor(value) };
    let seconds = Infinity;
    let found: Numbers | undefined;
    for (let run = 0; run <= runs; run += 1) {
      const startedMs = performance.now();
      const results = await session.run(feeds);
      seconds = Math.min(seconds, (performance.now() - startedMs) / 1000);
      found = numbersOf(results['attended'] as Tensor);
    }
    await session.release();
    return { seconds, found: found as Numbers };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
