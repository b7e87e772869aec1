import { LongtakeError } from '../../engine/protocol/errors.ts';
import type { LinkState } from '../shell/engine-link.ts';
import type { Slice } from './app-store.ts';

export type ConnectionSlice = {
  readonly link: LinkState;
  readonly linkError: LongtakeError | undefined;
  /** True once the first library and settings have arrived: before, nothing is known to be empty. */
  readonly loaded: boolean;
  /** Subscribes to the engine. Returns what ends it. */
  start(): () => void;
  /**
   * Runs what a person asked for; a failure becomes a notice in words, a cancellation does not.
   * Resolves with undefined where it failed.
   */
  attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
};

export const connectionSlice: Slice<ConnectionSlice> = ({ link }) => (set, get) => ({
  link: 'connecting',
  linkError: undefined,
  loaded: false,
  start() {
    const ends = [
      link.onState((state, error) => { set({ link: state, linkError: error }); }),
      link.subscribe('library', {}, (event) => { get().takeLibrary(event); }),
      link.subscribe('queue', {}, ({ jobs }) => { get().takeQueue(jobs); }),
      link.subscribe('model', {}, (model) => { set({ model }); }),
      link.subscribe('models', {}, (event) => { get().takeModels(event); }),
      link.subscribe('settings', {}, (settings) => { get().takeSettings(settings); }),
    ];
    return () => { for (const end of ends) end(); };
  },
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LongtakeError && error.code === 'cancelled') return undefined;
      get().notify({ kind: 'error', text: error instanceof Error ? error.message : String(error), ...(error instanceof LongtakeError ? { code: error.code } : {}) });
      return undefined;
    }
  },
});
