import { useCallback, useEffect, useRef, useState } from 'react';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { ModelSource } from '../../engine/protocol/methods-models.ts';
import type { Inspection } from '../store/models-slice.ts';
import { useActions } from '../store/use-app.ts';

/** What a source was found to hold, with what it takes to add it. */
export type Found = { readonly source: ModelSource; readonly token: string | undefined; readonly result: Inspection };

export type InspectionState = {
  readonly busy: boolean;
  readonly failure: { readonly message: string; readonly denied: boolean } | undefined;
  readonly found: Found | undefined;
  inspect(source: ModelSource, token?: string): void;
  /** Stops what runs, and forgets what was found: it belongs to what was written before. */
  clear(): void;
};

/** Looks into one source at a time. */
export function useInspection(): InspectionState {
  const { inspectModel } = useActions();
  const [state, setState] = useState<Pick<InspectionState, 'busy' | 'failure' | 'found'>>({ busy: false, failure: undefined, found: undefined });
  const running = useRef<AbortController>(undefined);
  const clear = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState((before) => before.busy || before.failure !== undefined || before.found !== undefined ? { busy: false, failure: undefined, found: undefined } : before);
  }, []);
  const inspect = useCallback((source: ModelSource, token?: string) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ busy: true, failure: undefined, found: undefined });
    const show = (next: Partial<Pick<InspectionState, 'failure' | 'found'>>): void => {
      if (running.current === controller) setState({ busy: false, failure: undefined, found: undefined, ...next });
    };
    inspectModel(source, token, controller.signal).then(
      (result) => { show({ found: { source, token, result } }); },
      (error: unknown) => {
        show(isLongtakeError(error, 'cancelled') ? {} : { failure: { message: error instanceof Error ? error.message : String(error), denied: isLongtakeError(error, 'access-denied') } });
      },
    );
  }, [inspectModel]);
  useEffect(() => () => { running.current?.abort(); }, []);
  return { ...state, inspect, clear };
}
