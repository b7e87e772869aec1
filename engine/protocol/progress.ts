/** What long work reports. `total` is absent while it is unknown (a video without a duration). */
export type Progress = {
  readonly stage: ProgressStage;
  readonly done: number;
  readonly total?: number;
  /** Estimated by whoever runs the work; absent until there is something to estimate from. */
  readonly etaSeconds?: number;
};

export type ProgressStage = 'prepare-model' | 'download' | 'encode' | 'memory' | 'answer' | 'export' | 'import' | 'verify' | 'move' | 'proxy' | 'waveform' | 'chapter-cuts' | 'chapters' | 'summary';

export type ProgressListener = (progress: Progress) => void;

/** What every long piece of work takes. */
export type WorkOptions = { readonly onProgress?: ProgressListener | undefined; readonly signal?: AbortSignal | undefined };
