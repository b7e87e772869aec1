import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { useApp, useSurroundings } from './use-app.ts';

export type EngineInfo = MethodResult<'app.info'>;

/** What the engine says of itself, asked again when it was started anew. */
export function useEngineInfo(): EngineInfo | undefined {
  const { link } = useSurroundings();
  const connected = useApp((state) => state.link === 'connected');
  const [info, setInfo] = useState<EngineInfo>();
  useEffect(() => {
    if (!connected) return;
    // Without it the place stays empty: nothing a person could act upon.
    link.request('app.info', {}).then(setInfo, () => undefined);
  }, [link, connected]);
  return info;
}
