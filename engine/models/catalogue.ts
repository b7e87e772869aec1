import { totalParameters } from './needs.ts';
import type { ModelShape } from './spec.ts';

/** A released model that Longtake knows by name. */
export type CatalogueEntry = {
  /** What it is called once it is installed. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** On the Hub. A branch is resolved to a commit when the model is added, and that commit is kept. */
  readonly repository: string;
  readonly revision: string;
  /** What the authors say of its licence; null: nothing. The page is asked again when it is added. */
  readonly licence: string | null;
  readonly shape: ModelShape;
};

/** SigLIP-so400m/14 at 384 pixels less its last layer, in all of them. */
const vision = { imageSize: 384, patchSize: 14, poolGrid: 8, channels: 1152, layers: 26, heads: 16, intermediate: 4304, layerNormEpsilon: 1e-6 };
const shared = { headSize: 128, maximumLength: 32_768, rmsNormEpsilon: 1e-6, ropeTheta: 1e6 };
const qwen7b = { ...shared, hidden: 3584, layers: 28, intermediate: 18_944, heads: 28, keyHeads: 4, vocabulary: 152_064, tiedEmbeddings: false };

export const catalogue: readonly CatalogueEntry[] = [
  {
    name: 'hour-llava-3b', title: 'Hour-LLaVA-3B',
    description: 'Answers about real videos of an hour. As int4 it fits a graphics card of 6 GB, or 16 GB of RAM; as float16 a card of 12 GB.',
    repository: 'jylins/hourllava-qwen25-3b-s3', revision: 'main', licence: null,
    shape: {
      vision, tokensPerFrame: 64, memaugDepth: 4,
      text: { ...shared, hidden: 2048, layers: 36, intermediate: 11_008, heads: 16, keyHeads: 2, vocabulary: 151_936, tiedEmbeddings: true },
    },
  },
  {
    name: 'hour-llava-7b', title: 'Hour-LLaVA-7B',
    description: 'The larger one. As int4 it fits a graphics card of 12 GB, or 24 GB of RAM; as float16 a card of 24 GB.',
    repository: 'jylins/hourllava-qwen2-7b-s3', revision: 'main', licence: null,
    shape: {
      vision, tokensPerFrame: 64, memaugDepth: 4, text: qwen7b,
    },
  },
  {
    name: 'llava-video-7b', title: 'LLaVA-Video-7B',
    description: 'What Hour-LLaVA grew from: it reads 64 frames of a video, or of the part that is asked about, and nothing between them. Watching a video takes ten times the room on the disk. As int4 it fits a graphics card of 6 GB, or 16 GB of RAM.',
    repository: 'lmms-lab/LLaVA-Video-7B-Qwen2', revision: 'main', licence: null,
    shape: {
      vision: { ...vision, poolGrid: 14 }, tokensPerFrame: 196, memaugDepth: 0, uniform: { frames: 64, newline: 'row', timeInstruction: true }, text: qwen7b,
    },
  },
  {
    name: 'prolongvid-7b', title: 'ProLongVid-7B',
    description: 'Like LLaVA-Video, with 128 frames of fewer tokens each. As int4 it fits a graphics card of 8 GB, or 16 GB of RAM.',
    repository: 'prolongvid/prolongvid_7B', revision: 'main', licence: null,
    shape: {
      vision: { ...vision, poolGrid: 12 }, tokensPerFrame: 144, memaugDepth: 0, uniform: { frames: 128, newline: 'row', timeInstruction: false },
      text: { ...qwen7b, maximumLength: 256_000 },
    },
  },
  {
    name: 'longvila-7b', title: 'LongVILA-7B',
    description: 'Reads 256 frames, more than the others of its kind: an answer begins later and takes more memory. As int4 it fits a graphics card of 12 GB, or 16 GB of RAM.',
    repository: 'Efficient-Large-Model/qwen2-7b-longvila-1M', revision: 'main', licence: 'CC BY-NC',
    shape: {
      vision: { ...vision, poolGrid: 14 }, tokensPerFrame: 196, memaugDepth: 0, uniform: { frames: 256, newline: 'frame', timeInstruction: false, downsampled: 'rows' },
      text: { ...qwen7b, vocabulary: 151_648, maximumLength: 131_072, ropeTheta: 1_062_356_830, ropeScaling: { type: 'linear', factor: 4 } },
    },
  },
  {
    name: 'longvila-8b', title: 'LongVILA-8B',
    description: 'The same on Llama 3. As int4 it fits a graphics card of 16 GB, or 24 GB of RAM.',
    repository: 'Efficient-Large-Model/Llama-3-LongVILA-8B-512Frames', revision: 'main', licence: 'CC BY-NC',
    shape: {
      vision: { ...vision, poolGrid: 14 }, tokensPerFrame: 196, memaugDepth: 0, uniform: { frames: 256, newline: 'frame', timeInstruction: false, downsampled: 'columns' },
      text: {
        ...shared, hidden: 4096, layers: 32, intermediate: 14_336, heads: 32, keyHeads: 8, vocabulary: 128_257, tiedEmbeddings: false, unbiased: true, template: 'llama-3',
        maximumLength: 131_072, rmsNormEpsilon: 1e-5, ropeTheta: 207_112_184,
      },
    },
  },
];

/** The files of a checkpoint in bfloat16: weights, and what stands beside them. */
export function downloadBytes(shape: ModelShape): number {
  return 2 * totalParameters(shape) + 15e6;
}
