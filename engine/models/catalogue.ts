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

/** SigLIP-so400m/14 at 384 pixels less its last layer, in both models. */
const vision = { imageSize: 384, patchSize: 14, poolGrid: 8, channels: 1152, layers: 26, heads: 16, intermediate: 4304, layerNormEpsilon: 1e-6 };
const shared = { headSize: 128, maximumLength: 32_768, rmsNormEpsilon: 1e-6, ropeTheta: 1e6 };

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
      vision, tokensPerFrame: 64, memaugDepth: 4,
      text: { ...shared, hidden: 3584, layers: 28, intermediate: 18_944, heads: 28, keyHeads: 4, vocabulary: 152_064, tiedEmbeddings: false },
    },
  },
];

/** The files of a checkpoint in bfloat16: weights, and what stands beside them. */
export function downloadBytes(shape: ModelShape): number {
  return 2 * totalParameters(shape) + 15e6;
}
