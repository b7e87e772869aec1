import type { CheckpointConfig } from '../checkpoint/config.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { UniformReading } from './spec.ts';

/**
 * LLaVA-Video, LLaVA-OneVision and ProLongVid (`LLaVA-VL/LLaVA-NeXT`, `ruiwang2021/ProLongVid`): the architecture that Hour-LLaVA grew
 * from. A frame goes through the same tower, is projected, and then pooled; the tokens of a few evenly spaced frames stand in the
 * prompt, with newlines between them. They share one architecture name and differ in their configs.
 */
export const llavaVideoArchitecture = 'LlavaQwenForCausalLM';

/** As LLaVA-NeXT's `encode_images` calls its `get_2dPool`, whatever a config says. */
const poolStride = 2;

const newlines: Readonly<Record<string, UniformReading['newline']>> = { grid: 'row', frame: 'frame', one_token: 'end', no_token: 'none' };

export type FrameTokens = { readonly poolGrid: number; readonly uniform: UniformReading };

/**
 * What a frame becomes, and how frames are read, from a config and the patches along a frame's side. Throws `checkpoint-unsupported`
 * for settings whose computation is not built.
 */
export function frameTokens(config: CheckpointConfig, patchSide: number): FrameTokens {
  refuseUnless('mm_resampler_type', config.mm_resampler_type, undefined);
  refuseUnless('mm_projector_type', config.mm_projector_type, 'mlp2x_gelu');
  refuseUnless('mm_spatial_pool_mode', config.mm_spatial_pool_mode ?? 'bilinear', 'bilinear');
  refuseUnless('mm_spatial_pool_stride', config.mm_spatial_pool_stride ?? poolStride, poolStride);
  refuseUnless('add_faster_video', config.add_faster_video ?? false, false);
  const newline = newlineOf(config);
  const poolGrid = config.mm_fixed_patch_length ?? Math.ceil(patchSide / poolStride);
  return { poolGrid, uniform: { frames: framesOf(config, newline), newline, timeInstruction: config.add_time_instruction ?? false } };
}

/** What merges a frame's tokens decides whether there are newlines at all, and only "unpad" adds the one at the end. */
function newlineOf({ mm_patch_merge_type: merge = 'flat', mm_newline_position: position = 'one_token' }: CheckpointConfig): UniformReading['newline'] {
  if (merge === 'flat') return 'none';
  if (!merge.startsWith('spatial')) throw unsupported('mm_patch_merge_type', merge, 'spatial_unpad');
  const newline = newlines[position];
  if (newline === undefined) throw unsupported('mm_newline_position', position, Object.keys(newlines).join('", "'));
  return newline === 'end' && !merge.includes('unpad') ? 'none' : newline;
}

/** What each was trained with: no config says it. OneVision is the one with a single newline; ProLongVid fixes its grid. */
function framesOf(config: CheckpointConfig, newline: UniformReading['newline']): number {
  if (config.mm_fixed_patch_length !== undefined) return 128;
  return newline === 'row' ? 64 : 32;
}

function refuseUnless(key: string, found: string | number | boolean | undefined, known: string | number | boolean | undefined): void {
  if (found !== known) throw unsupported(key, found, known);
}

function unsupported(key: string, found: string | number | boolean | undefined, known: string | number | boolean | undefined): LongtakeError {
  const said = (value: typeof found) => (value === undefined ? 'nothing' : `"${String(value)}"`);
  return new LongtakeError('checkpoint-unsupported', `config.json: "${key}" is ${said(found)}; for ${llavaVideoArchitecture} Longtake knows ${said(known)}.`, { key, found });
}
