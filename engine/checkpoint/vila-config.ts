import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

/**
 * VILA's checkpoints (LongVILA) are three folders, each with a config and weights of its own, beside a config that names them. Here they
 * become one checkpoint: as what each tensor is known to the networks, and one config in the words of the others.
 */
export const vilaParts = [
  { folder: 'llm', prefix: '' },
  { folder: 'vision_tower', prefix: 'model.vision_tower.vision_tower.' },
  { folder: 'mm_projector', prefix: 'model.mm_projector.' },
] as const;

/** Where a config lies whose presence tells this layout. */
export const vilaConfigFiles = { llm: 'llm/config.json', tower: 'vision_tower/config.json', projector: 'mm_projector/config.json' } as const;

/** Whether a file's name is one of those folders and what lies in it, and nothing that leads elsewhere. */
export function isVilaPart(name: string): boolean {
  const [folder, file, ...deeper] = name.split('/');
  return deeper.length === 0 && file !== undefined && /^[\w][\w.-]*$/u.test(file) && vilaParts.some((part) => part.folder === folder);
}

const count = z.int().positive();
const partsSchema = z.object({
  top: z.looseObject({ mm_vision_select_layer: z.int().default(-2), num_video_frames: count.nullish(), model_max_length: count.nullish(), dynamic_s2: z.boolean().nullish() }),
  llm: z.looseObject({ model_type: z.string(), max_position_embeddings: count, model_max_length: count.nullish() }),
  tower: z.looseObject({ model_type: z.string(), num_hidden_layers: count, _name_or_path: z.string().optional() }),
  projector: z.looseObject({ mm_projector_type: z.string() }),
});

/** One config of the four files' contents, for `parseConfig`. Throws `checkpoint-invalid`. */
export function composeVilaConfig(path: string, parts: Readonly<Record<keyof z.input<typeof partsSchema>, unknown>>): Record<string, unknown> {
  const parsed = partsSchema.safeParse(parts);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new LongtakeError('checkpoint-invalid', `${path}: "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unreadable'}.`, { path });
  }
  const { top, llm, tower, projector } = parsed.data;
  return {
    ...llm,
    tokenizer_model_max_length: top.model_max_length ?? llm.model_max_length ?? llm.max_position_embeddings,
    mm_vision_tower: 'siglip-so400m-patch14-384',
    mm_projector_type: projector.mm_projector_type,
    // hidden_states[-2] is what all layers but the last give.
    vision_config: { ...tower, num_hidden_layers: tower.num_hidden_layers + top.mm_vision_select_layer + 1 },
    vila: { llm: llm.model_type, tower: tower.model_type, ...(typeof top.num_video_frames === 'number' && { frames: top.num_video_frames }) },
  };
}
