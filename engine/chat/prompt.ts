import type { Tokenizer } from './tokenizer.ts';

/** Stands in the token ids for the video: LLaVA's IMAGE_TOKEN_INDEX. */
export const VIDEO_TOKEN_ID = -200;

export type Turn = { readonly role: 'user' | 'assistant'; readonly content: string };

export type PromptVideo = {
  readonly durationSeconds: number;
  /** Frames in the memory, before the model repeats those of a very short video. */
  readonly frameCount: number;
};

export type Prompt = {
  /** Token ids with one {@link VIDEO_TOKEN_ID} in the place of the video. */
  readonly inputIds: Int32Array; // [tokens]
  /**
   * 1 where the token is one that MemAug saw in training, 0 where it is not: the released training labels
   * unmask newlines, `<|im_start|>`, `<|im_end|>` and the whole assistant turn with its header, and MemAug
   * takes only masked tokens (hourllava: hour_llava_arch.py, preprocess_qwen).
   */
  readonly trainTextMask: Uint8Array; // [tokens]
};

const systemPrompt = 'You are a helpful assistant.';

/** The released recipe's time instruction, with the real duration (streaming_supervised_dataset.py). */
export function timeInstruction(video: PromptVideo): string {
  return `The video lasts for ${video.durationSeconds.toFixed(2)} seconds, and ${video.frameCount} frames are uniformly `
    + 'sampled from it. Please answer the following questions related to this video.\n';
}

/**
 * Renders turns with the template `qwen_1_5` of the released model; the video and the time instruction open the
 * first user turn, and the prompt ends where the assistant is to speak.
 *
 * @param turns alternate user, assistant, …, user.
 */
export function buildPrompt(turns: readonly Turn[], video: PromptVideo, tokenizer: Tokenizer): Prompt {
  const ids: number[] = [];
  const mask: number[] = [];
  const newlineIds = new Set(tokenizer.encode('\n'));
  const specialIds = new Set(['<|im_start|>', '<|im_end|>'].flatMap((token) => tokenizer.encode(token)));
  const push = (tokens: readonly number[], seenInTraining: boolean): void => {
    for (const id of tokens) {
      ids.push(id);
      mask.push(seenInTraining && !newlineIds.has(id) && !specialIds.has(id) ? 1 : 0);
    }
  };
  /** Everything between two special tokens is one text for the tokenizer, as in the reference. */
  const pushTurn = (role: string, content: string, seenInTraining: boolean): void => {
    push(tokenizer.encode('<|im_start|>'), seenInTraining);
    push(tokenizer.encodePlain(`${role}\n${content}`), seenInTraining);
    push(tokenizer.encode('<|im_end|>'), seenInTraining);
    push(tokenizer.encode('\n'), seenInTraining);
  };

  pushTurn('system', systemPrompt, true);
  turns.forEach((turn, index) => {
    if (index > 0) {
      pushTurn(turn.role, turn.content, turn.role === 'user');
      return;
    }
    push(tokenizer.encode('<|im_start|>'), true);
    push(tokenizer.encode('user\n'), true);
    ids.push(VIDEO_TOKEN_ID);
    mask.push(1);
    push(tokenizer.encodePlain(`\n${timeInstruction(video)}${turn.content}`), true);
    push(tokenizer.encode('<|im_end|>'), true);
    push(tokenizer.encode('\n'), true);
  });
  push(tokenizer.encode('<|im_start|>'), false);
  push(tokenizer.encode('assistant\n'), false);
  return { inputIds: Int32Array.from(ids), trainTextMask: Uint8Array.from(mask) };
}
