import type { ModelShape } from './spec.ts';

/**
 * Rows of one frame in a prompt, as indices of a memory's tokens; tokensPerFrame stands for the newline. The newline at the very end
 * (LLaVA-OneVision) belongs to no frame and is not among them.
 */
export function frameRows({ vision: { poolGrid }, tokensPerFrame, uniform }: Pick<ModelShape, 'tokensPerFrame' | 'uniform'> & { readonly vision: { readonly poolGrid: number } }): number[] {
  const tokens = Array.from({ length: tokensPerFrame }, (_, token) => token);
  switch (uniform?.newline) {
    case 'row': return tokens.flatMap((token) => (token % poolGrid === poolGrid - 1 ? [token, tokensPerFrame] : [token]));
    case 'end':
    case 'none': return tokens;
    case 'frame':
    case undefined: return [...tokens, tokensPerFrame];
  }
}

/** Rows that an answer about so many frames is made from: Hour-LLaVA's memory, or the frames that another model reads of it. */
export function askedTokens(shape: ModelShape, frames: number): number {
  return frameRows(shape).length * (shape.uniform === undefined ? frames : Math.min(frames, shape.uniform.frames));
}
