import { isLongtakeError, type LongtakeError } from '../../engine/protocol/errors.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import type { LinkState } from '../shell/engine-link.ts';
import type { Slice } from './app-store.ts';

export type ConnectionSlice = {
  readonly link: LinkState;
  readonly linkError: LongtakeError | undefined;
  /** True once the first library and settings have arrived: before, nothing is known to be empty. */
  readonly loaded: boolean;
  /** The library on its way to another place. Kept while the engine is away, which is how it comes to be opened there. */
  readonly moving: StreamEvent<'move'>['moving'];
  /** Subscribes to the engine. Returns what ends it. */
  start(): () => void;
  /**
   * Runs what a person asked for; a failure becomes a notice in words, a cancellation does not.
   * Resolves with undefined where it failed. `brokenOff` names long work: that it ended with its engine stays said.
   */
  attempt<Result>(work: () => Promise<Result>, brokenOff?: string): Promise<Result | undefined>;
};

export const connectionSlice: Slice<ConnectionSlice> = ({ link }) => (set, get) => ({
  link: 'connecting',
  linkError: undefined,
  loaded: false,
  moving: null,
  start() {
    const ends = [
      link.onState((state, error) => {
        set({ link: state, linkError: error });
        if (state !== 'connected') { get().forgetUndoables(); return; }
        set({ moving: null });
        get().dismissPassed();
      }),
      link.subscribe('library', {}, (event) => { get().takeLibrary(event); }),
      link.subscribe('queue', {}, ({ jobs }) => { get().takeQueue(jobs); }),
      link.subscribe('move', {}, ({ moving }) => { set({ moving }); }),
      link.subscribe('model', {}, (model) => { set({ model }); }),
      link.subscribe('models', {}, (event) => { get().takeModels(event); }),
      link.subscribe('surveys', {}, ({ surveys }) => { set({ surveys }); }),
      link.subscribe('settings', {}, (settings) => { get().takeSettings(settings); }),
    ];
    return () => { for (const end of ends) end(); };
  },
  async attempt(work, brokenOff) {
    try {
      return await work();
    } catch (error) {
      if (isLongtakeError(error, 'cancelled')) return undefined;
      const lost = isLongtakeError(error, 'connection-lost');
      get().notify({
        kind: 'error', text: error instanceof Error ? error.message : String(error), ...(isLongtakeError(error) ? { code: error.code, data: error.data } : {}),
        ...(lost && (brokenOff === undefined ? { untilConnected: true } : { subject: brokenOff })),
      });
      return undefined;
    }
  },
});
