import { memaugQuery, memaugTextMask, videoIndex } from '../models/memaug-query.ts';
import type { TextMask } from '../models/memaug-query.ts';
import { measuredRows } from '../models/needs.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { retainedRows } from '../protocol/features.ts';
import type { FeatureSource, RetainedTokens } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import type { AnswerDecoder, PromptRows } from './answer-decoder.ts';
import type { Augmenter, CrossMemory } from './augmenter.ts';
import type { EmbeddingTable } from './embedding-table.ts';
import { lookedAt } from './looked-at.ts';
import type { LookedAtInput } from './looked-at.ts';
import type { Device } from './session.ts';
import { joinRows, toFloat32 } from './tensors.ts';

/** What a prompt is made of. */
export type PromptInput = {
  /** Token ids; −200 stands for the video, exactly once. */
  readonly inputIds: Int32Array;
  /** The last of them, from where the question begins: whose attention is measured. Default: as many as are ever measured. */
  readonly questionTokens?: number;
  readonly features: FeatureSource;
  /** Keys and values of what the cross-attention is to see; of a model without one it holds nothing. */
  readonly cross: CrossMemory;
  /** What the decoder is to read of the memory, on the same time axis. */
  readonly retained: RetainedTokens;
  /** Default 'train': MemAug sees the text that it saw in training. Of no meaning without MemAug. */
  readonly textMask?: TextMask;
};

/** Intermediate rows for golden tests and evaluation, [rows, hidden]. */
export type InspectStage = (stage: 'memaug-input' | 'memaug-output' | 'embeddings', rows: Float32Array) => void;

export type PrefillOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Default true; without it `lookedAt` is empty. */
  readonly measureLookedAt?: boolean;
  readonly inspect?: InspectStage;
};

/** A decoder that has read its prompt. Dispose of it before the model. */
export type Generation = {
  /** [vocabulary] at the end of the prompt. */
  readonly logits: Float32Array;
  /**
   * Share of attention that each frame of the memory got while the prompt was read, [frameCount]; sums to one. See
   * `looked-at.ts`. It is computed when it is first asked for, which may be at the end of an answer, and needs the cross
   * memory. Throws `cancelled`. Empty where it is first asked for after `dispose`, and from a model without MemAug.
   */
  readonly lookedAt: (signal?: AbortSignal) => Promise<Float32Array>;
  /** Appends one token; the logits after it, [vocabulary]. Throws `question-too-long` at the end of the context. */
  readonly next: (tokenId: number) => Promise<Float32Array>;
  readonly sequenceLength: number;
  readonly dispose: () => void;
};

/** The parts of a model that answer. */
export type AnswerParts = {
  readonly augmenter: Augmenter;
  readonly embeddings: EmbeddingTable;
  /** A decoder for a generation with a prompt of so many rows. */
  readonly beginDecoder: (promptLength: number) => AnswerDecoder;
};

/** Project, augment, read: everything between a question and its first token. */
export async function prefill(parts: AnswerParts, spec: ModelSpec, device: Device, prompt: PromptInput, options: PrefillOptions): Promise<Generation> {
  const { hidden, maximumLength } = spec.text;
  const { inputIds, retained } = prompt;
  const mask = memaugTextMask(inputIds, prompt.textMask ?? 'train', spec.text);
  const query = memaugQuery(inputIds, mask, retained, spec.tokensPerFrame);
  const videoRows = retainedRows(retained);
  const promptLength = inputIds.length - 1 + videoRows;
  if (promptLength >= maximumLength) {
    throw new LongtakeError('question-too-long',
      `The question and the conversation take ${String(promptLength)} tokens with the video; the model reads at most ${String(maximumLength - 1)}.`,
      { promptLength, maximumLength });
  }
  const report = (share: number) => options.onProgress?.({ stage: 'answer', done: share, total: 1 });
  const firstVideoRow = query.prefixIds.length;
  const { inspect } = options;
  const augmented = await parts.augmenter.augment({
    prefix: await parts.embeddings.rows(query.prefixIds), suffix: await parts.embeddings.rows(query.suffixIds),
    features: prompt.features, retained, positions: query.positions, memory: prompt.cross,
  }, {
    signal: options.signal, onShare: (share) => report(0.8 * share),
    ...(inspect === undefined ? {} : { inspect: (rows) => { inspect('memaug-input', toFloat32(rows)); } }),
  });
  let decoder: AnswerDecoder | undefined;
  try {
    decoder = parts.beginDecoder(promptLength);
    const videoStart = videoIndex(inputIds);
    const before = await parts.embeddings.rows(inputIds.subarray(0, videoStart));
    const behind = await parts.embeddings.rows(inputIds.subarray(videoStart + 1));
    let video: PromptRows;
    if (decoder.takesHeldRows && augmented.held !== undefined && inspect === undefined) {
      video = { held: augmented.held, firstRow: firstVideoRow, count: videoRows };
    } else {
      const rows = await augmented.read();
      video = rows.subarray(firstVideoRow * hidden, (firstVideoRow + videoRows) * hidden);
      inspect?.('memaug-output', toFloat32(rows));
      inspect?.('embeddings', toFloat32(joinRows(device.compute, [before, video, behind])));
    }
    // Where rows are no mixture of the memory's, there is nothing that they looked at.
    const measure = spec.memaugDepth > 0 && (options.measureLookedAt ?? true);
    const { logits, measured } = await decoder.read([before, video, behind], promptLength, {
      signal: options.signal,
      onShare: (share) => { report(0.8 + 0.2 * share); },
      ...(measure ? { measuredFrom: Math.max(videoStart + videoRows, promptLength - Math.min(measuredRows, prompt.questionTokens ?? measuredRows)) } : {}),
    });
    if (measured === undefined) augmented.dispose();
    const shares = measured === undefined ? noShares
      : sharesOf({ measured, videoStart, videoRows, augmented, firstVideoRow, selection: prompt.cross.selection }, prompt.features.frameCount);
    return generation(parts.embeddings, spec, decoder, logits, shares);
  } catch (error) {
    augmented.dispose();
    decoder?.dispose();
    throw error;
  }
}

type Shares = { readonly measure: Generation['lookedAt']; readonly dispose: () => void };

const noShares: Shares = { measure: () => Promise.resolve(new Float32Array()), dispose: () => undefined };

/** Keeps what the measure needs until it is taken. */
function sharesOf(input: LookedAtInput, frameCount: number): Shares {
  let kept: LookedAtInput | undefined = input;
  let measured: Promise<Float32Array> | undefined;
  const dispose = () => {
    kept?.measured.dispose();
    kept?.augmented.dispose();
    kept = undefined;
  };
  return {
    measure: (signal) => {
      if (kept === undefined) return measured ?? Promise.resolve(new Float32Array());
      measured ??= lookedAt({ ...kept, signal }, frameCount).finally(dispose);
      return measured;
    },
    dispose,
  };
}

function generation(
  embeddings: EmbeddingTable, spec: ModelSpec, decoder: AnswerDecoder, logits: Float32Array, shares: Shares,
): Generation {
  return {
    logits,
    lookedAt: shares.measure,
    get sequenceLength() { return decoder.length; },
    next: async (tokenId) => {
      if (decoder.length >= spec.text.maximumLength) {
        throw new LongtakeError('question-too-long', `The answer has reached the end of the model's context, ${String(spec.text.maximumLength)} tokens.`,
          { maximumLength: spec.text.maximumLength });
      }
      return await decoder.step(tokenId, embeddings);
    },
    dispose: () => {
      shares.dispose();
      decoder.dispose();
    },
  };
}
