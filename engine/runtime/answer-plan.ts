import { answerNeeds } from '../models/needs.ts';
import type { ModelSpec } from '../models/spec.ts';
import { frameRows } from '../models/uniform-tokens.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import { placeOf } from './session.ts';
import type { Device } from './session.ts';

/** Where the keys and values of a memory are kept while it is asked about. */
export type AnswerPlan = {
  readonly keysOnHost: boolean;
  /** What an answer is expected to take on the device that computes it. */
  readonly deviceBytes: number;
  readonly limitBytes: number | undefined;
};

export type AnswerLimits = {
  /** Free bytes of RAM. */
  readonly memoryBytes: number;
  /** Bytes of the graphics device that may be used; undefined where nobody knows. */
  readonly graphicsBytes: number | undefined;
};

/**
 * Decides from shapes, before anything is allocated: everything on the device; or the memory's keys and values on the
 * host, of which one block at a time goes over; or a refusal with the numbers (`out-of-memory`).
 * `hasKernel` where our own kernel attends to the memory. A model without MemAug keeps nothing of a memory, but its frames fill the
 * decoder's cache.
 */
export function planAnswer(
  spec: ModelSpec, device: Pick<Device, 'compute' | 'keepsTensors'>, memoryTokens: number, limits: AnswerLimits, hasKernel = false,
): AnswerPlan {
  const needs = answerNeeds(spec, spec.weights, device.compute, memoryTokens, { place: placeOf(device), hasKernel });
  const frames = Math.round(memoryTokens / frameRows(spec).length);
  const hasMemaug = spec.memaugDepth > 0;
  if (!device.keepsTensors) {
    // The weights are in RAM by now.
    const neededBytes = hasMemaug ? needs.crossMemoryBytes + needs.blockCopyBytes : needs.cacheBytes + needs.scratchBytes;
    if (neededBytes > limits.memoryBytes) throw refusal(`Answering over ${String(frames)} frames`, 'RAM', neededBytes, limits.memoryBytes, hasMemaug ? 'Ask about a shorter part, or close other programs.' : 'Close other programs.');
    return { keysOnHost: true, deviceBytes: needs.totalBytes, limitBytes: limits.memoryBytes };
  }
  const limitBytes = limits.graphicsBytes;
  if (limitBytes === undefined || needs.totalBytes <= limitBytes) return { keysOnHost: false, deviceBytes: needs.totalBytes, limitBytes };
  const streamedBytes = needs.totalBytes - needs.crossMemoryBytes + needs.crossMemoryBytes / Math.max(1, spec.memaugDepth);
  if (hasMemaug && streamedBytes <= limitBytes && needs.crossMemoryBytes <= limits.memoryBytes) return { keysOnHost: true, deviceBytes: streamedBytes, limitBytes };
  const smaller = spec.weights === 'int4' ? '' : `With int4 weights it would take ${describeBytes(answerNeeds(spec, 'int4', device.compute, memoryTokens, { place: 'device', hasKernel }).totalBytes)}. `;
  throw refusal(`Answering over ${String(frames)} frames`, 'graphics memory', streamedBytes, limitBytes, `${smaller}${hasMemaug ? 'Ask about a shorter part, or run' : 'Run'} it on the CPU.`);
}

function refusal(what: string, where: string, neededBytes: number, availableBytes: number, advice: string): LongtakeError {
  return new LongtakeError('out-of-memory', `${what} takes ${describeBytes(neededBytes)} of ${where} and ${describeBytes(availableBytes)} may be used. ${advice}`, { neededBytes, availableBytes });
}
