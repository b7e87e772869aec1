import { answerNeeds } from '../models/needs.ts';
import type { ModelSpec } from '../models/spec.ts';
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
 * `hasKernel` where our own kernel attends to the memory.
 */
export function planAnswer(
  spec: ModelSpec, device: Pick<Device, 'compute' | 'keepsTensors'>, memoryTokens: number, limits: AnswerLimits, hasKernel = false,
): AnswerPlan {
  const needs = answerNeeds(spec, spec.weights, device.compute, memoryTokens, { place: placeOf(device), hasKernel });
  const frames = Math.round(memoryTokens / (spec.tokensPerFrame + 1));
  if (!device.keepsTensors) {
    // The weights are in RAM by now.
    const neededBytes = needs.crossMemoryBytes + needs.blockCopyBytes;
    if (neededBytes > limits.memoryBytes) throw refusal(`Answering over ${String(frames)} frames`, 'RAM', neededBytes, limits.memoryBytes, 'Ask about a shorter part, or close other programs.');
    return { keysOnHost: true, deviceBytes: needs.totalBytes, limitBytes: limits.memoryBytes };
  }
  const limitBytes = limits.graphicsBytes;
  if (limitBytes === undefined || needs.totalBytes <= limitBytes) return { keysOnHost: false, deviceBytes: needs.totalBytes, limitBytes };
  const streamedBytes = needs.totalBytes - needs.crossMemoryBytes + needs.crossMemoryBytes / spec.memaugDepth;
  if (streamedBytes <= limitBytes && needs.crossMemoryBytes <= limits.memoryBytes) return { keysOnHost: true, deviceBytes: streamedBytes, limitBytes };
  const smaller = spec.weights === 'int4' ? '' : `With int4 weights it would take ${describeBytes(answerNeeds(spec, 'int4', device.compute, memoryTokens, { place: 'device', hasKernel }).totalBytes)}. `;
  throw refusal(`Answering over ${String(frames)} frames`, 'graphics memory', streamedBytes, limitBytes, `${smaller}Ask about a shorter part, or run it on the CPU.`);
}

function refusal(what: string, where: string, neededBytes: number, availableBytes: number, advice: string): LongtakeError {
  return new LongtakeError('out-of-memory', `${what} takes ${describeBytes(neededBytes)} of ${where} and ${describeBytes(availableBytes)} may be used. ${advice}`, { neededBytes, availableBytes });
}
