/**
 * What a run of ONNX Runtime costs on WebGPU besides its kernels' work: tensors fed from the host or from the device,
 * results fetched or left there, and kernels that do next to nothing. Median and least milliseconds, a line of JSON each.
 *   node tests/bench/gpu/run-costs.ts
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder, type Value } from '../../../engine/graph/graph-builder.ts';
import { elementwise } from '../../../engine/graph/operators.ts';
import { median } from '../support.ts';

type Place = 'cpu' | 'gpu-buffer';

const sessions: InferenceSession[] = [];
const held: Tensor[] = [];

/** Adds up so many inputs of one length in a row of so many kernels. */
async function sumSession(inputs: number, kernels: number, place: Place): Promise<InferenceSession> {
  const graph = new GraphBuilder('sum', 'Adds up its inputs');
  const values = Array.from({ length: inputs }, (_, index) => graph.input(`input_${String(index)}`, 'float32', ['length']));
  let sum = values[0] as Value;
  for (let kernel = 0; kernel < kernels; kernel += 1) sum = elementwise(graph, 'Add', sum, values[(kernel + 1) % inputs] as Value);
  graph.output('sum', sum);
  const session = await InferenceSession.create(graph.encode(), {
    executionProviders: ['webgpu'], logSeverityLevel: 3, ...(place === 'cpu' ? {} : { preferredOutputLocation: { sum: place } }),
  });
  sessions.push(session);
  return session;
}

async function bench(what: string, session: InferenceSession, feeds: readonly Tensor[], runs = 100): Promise<void> {
  const named = Object.fromEntries(feeds.map((tensor, index) => [`input_${String(index)}`, tensor]));
  const milliseconds: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now();
    const { sum } = await session.run(named);
    milliseconds.push(performance.now() - startedMs);
    if (sum !== undefined && sum.location !== 'cpu') sum.dispose();
  }
  process.stdout.write(`${JSON.stringify({ what, medianMs: median(milliseconds.slice(1)), leastMs: Math.min(...milliseconds) })}\n`);
}

const onHost = (length: number): Tensor => new Tensor('float32', new Float32Array(length), [length]);
const upload = await sumSession(1, 1, 'gpu-buffer');
async function onDevice(length: number): Promise<Tensor> {
  const tensor = (await upload.run({ input_0: onHost(length) }))['sum'] as Tensor;
  held.push(tensor);
  return tensor;
}

const vocabulary = 151_936;
await bench('fed from the device, left there', upload, [await onDevice(4)]);
await bench('fed from the host, left on the device', upload, [onHost(4)]);
const fetching = await sumSession(1, 1, 'cpu');
await bench('fed from the device, fetched', fetching, [await onDevice(4)]);
await bench('fed from the device, as many as logits fetched', fetching, [await onDevice(vocabulary)]);
for (const inputs of [1, 2, 3]) await bench(`${String(inputs)} fed from the host, fetched`, await sumSession(inputs, 3, 'cpu'), Array.from({ length: inputs }, () => onHost(4)));
for (const kernels of [1, 100, 300]) await bench(`${String(kernels)} kernels, left on the device`, await sumSession(1, kernels, 'gpu-buffer'), [await onDevice(4)]);
for (const tensor of held) tensor.dispose(); // before the device goes
for (const session of sessions.reverse()) await session.release();
