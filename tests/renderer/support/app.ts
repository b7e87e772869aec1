import { setImmediate } from 'node:timers/promises';
import { serveConnection } from '../../../engine/server/connection.ts';
import { openEngineService, type EngineService } from '../../../engine/server/workspace.ts';
import { linkEngine, type EngineLink } from '../../../renderer/shell/engine-link.ts';
import type { Shell } from '../../../renderer/shell/shell.ts';
import { createAppStore, type AppState, type AppStore } from '../../../renderer/store/app-store.ts';
import { transportPair } from '../../../engine/server/local-shell.ts';

export type TestApp = AsyncDisposable & {
  readonly service: EngineService;
  readonly store: AppStore;
  readonly link: EngineLink;
  /** What was saved through the shell, and what was copied. */
  readonly saved: { fileName: string; text: string }[];
  readonly copied: string[];
  /**
   * Cuts the connection, as the end of an engine does: what is asked while `meanwhile` runs is on its way and gets no answer.
   * The page connects again by itself.
   */
  loseConnection(meanwhile?: () => void): Promise<void>;
  /** Resolves with the first state, from now on, of which something is true. */
  when(holds: (state: AppState) => boolean): Promise<AppState>;
};

/** The stores of the page, without the page, on a real engine in this process. Answers are short. `shellOf`: what the shell does that the test is about. */
export async function startApp(home: string, shellOf: Partial<Shell> = {}): Promise<TestApp> {
  process.env['LONGTAKE_HOME'] = home;
  const service = await openEngineService();
  let deaf = false;
  let cut = (): void => undefined;
  const link = linkEngine(() => {
    const [page, engine] = transportPair();
    serveConnection(engine, service);
    cut = () => { page.close(); };
    return { ...page, send(message) { if (!deaf) page.send(message); } };
  });
  const saved: TestApp['saved'] = [];
  const copied: string[] = [];
  const shell: Shell = {
    kind: 'electron', platform: 'linux', version: '0.0.0',
    connect: () => { throw new Error('The link is connected already.'); },
    lookAtHost: () => Promise.resolve('there'),
    mediaAddress: (resource) => `/media/${resource}`,
    bringIn: () => Promise.reject(new Error('No files are dropped here.')),
    bringBeside: () => Promise.resolve(),
    openFiles: () => Promise.resolve([]),
    saveFile: () => Promise.resolve(undefined),
    saveText({ fileName, text }) { saved.push({ fileName, text }); return Promise.resolve(`/somewhere/${fileName}`); },
    takeFile: () => Promise.resolve(undefined),
    pathOf: () => undefined,
    showInFolder: () => Promise.resolve(),
    openExternal: () => Promise.resolve(),
    copyText(text) { copied.push(text); return Promise.resolve(); },
    setMenu: () => undefined, onAction: () => () => undefined, onOpenFiles: () => () => undefined, setBusy: () => undefined, setTheme: () => undefined,
    ...shellOf,
  };
  const store = createAppStore({ link, shell });
  const end = store.getState().start();
  const when = (holds: (state: AppState) => boolean): Promise<AppState> => new Promise((resolve) => {
    if (holds(store.getState())) { resolve(store.getState()); return; }
    const stop = store.subscribe((state) => {
      if (!holds(state)) return;
      stop();
      resolve(state);
    });
  });
  await link.request('settings.change', { provider: 'cpu', maxNewTokens: 24 });
  await when(({ loaded }) => loaded);
  return {
    service, store, link, saved, copied, when,
    async loseConnection(meanwhile) {
      deaf = true;
      meanwhile?.();
      await setImmediate();
      deaf = false;
      cut();
    },
    async [Symbol.asyncDispose]() {
      end();
      link.close();
      await service[Symbol.asyncDispose]();
    },
  };
}
