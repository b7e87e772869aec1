import '@fontsource-variable/inter/wght.css';
import './style/tokens.css';
import './style/base.css';
import i18next from 'i18next';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './app/app.tsx';
import { startTranslation } from './i18n/index.ts';
import { shownLanguage } from './i18n/languages.ts';
import { electronShell } from './shell/electron-shell.ts';
import { linkEngine } from './shell/engine-link.ts';
import type { Shell } from './shell/shell.ts';
import { webShell } from './shell/web-shell.ts';
import { createAppStore, type AppStore } from './store/app-store.ts';
import { AppContext } from './store/use-app.ts';

// Radix writes style sheets of its own; the page's policy takes them with its nonce.
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
if (nonce !== undefined) setNonce(nonce);

await startTranslation(shownLanguage('system', navigator.languages));
const bridge = window.longtake;
const shell: Shell = bridge === undefined ? webShell((request) => store.getState().chooseFiles(request)) : electronShell(bridge);
const link = linkEngine(() => shell.connect(), () => shell.lookAtHost());
const store: AppStore = createAppStore({ link, shell });
store.getState().start();
// Who quits or reloads loses nothing that only this page knows. A hidden page may be ended without another word.
addEventListener('pagehide', () => { store.getState().leave(); });
addEventListener('pageshow', ({ persisted }) => { if (persisted) store.getState().comeBack(); });
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') store.getState().tellDrafts(); });

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18next}>
        <AppContext value={{ store, shell, link }}><App /></AppContext>
      </I18nextProvider>
    </StrictMode>,
  );
}
