import type { StreamEvent } from '../../engine/protocol/events.ts';
import type { MethodInput } from '../../engine/protocol/methods.ts';
import type { Language } from '../i18n/languages.ts';
import type { Slice } from './app-store.ts';

export type ModelStatus = StreamEvent<'model'>;
export type EngineSettings = StreamEvent<'settings'>;
export type Theme = 'system' | 'light' | 'dark';

/** Whether the model in use only demonstrates: its label says so once it was opened, and the one that comes with Longtake is known before. */
export const isDemonstration = ({ model, settings }: Pick<SettingsSlice, 'model' | 'settings'>): boolean => model?.label !== undefined || settings?.model === 'demo';

export type SettingsSlice = {
  readonly model: ModelStatus | undefined;
  readonly settings: EngineSettings | undefined;
  readonly theme: Theme;
  readonly language: Language;
  /** Keys of actions that a person has bound otherwise: action id → key, or null for none. */
  readonly bindings: Readonly<Record<string, string | null>>;
  takeSettings(settings: EngineSettings): void;
  changeSettings(change: MethodInput<'settings.change'>): Promise<void>;
  /** Keeps a preference of the page with the engine, so that every window has it. */
  remember(change: Record<string, boolean | number | string | null | Readonly<Record<string, string | number | null>>>): void;
  setTheme(theme: Theme): void;
  setLanguage(language: Language): void;
  bind(actionId: string, key: string | null | undefined): void;
  /** Several at once, as one change: what one action loses and another one gets. */
  rebind(changes: Readonly<Record<string, string | null | undefined>>): void;
  /** Every action has its own keys again. */
  resetBindings(): void;
  /** Keeps which video and conversation are open, for the next start. */
  rememberPlace(): void;
};

export const settingsSlice: Slice<SettingsSlice> = ({ link }) => (set, get) => ({
  model: undefined,
  settings: undefined,
  theme: 'system',
  language: 'system',
  bindings: {},
  takeSettings(settings) {
    const first = get().settings === undefined;
    const { theme, language, bindings } = settings.interface;
    set({
      settings,
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      language: language === 'en' || language === 'zh' ? language : 'system',
      bindings: readBindings(bindings),
    });
    get().takeWaiting(settings.interface['waitingQuestion']);
    if (!first) return;
    get().restoreLayout(settings.interface);
    get().restoreUsed(settings.interface['usedAtMs']);
    get().restoreFolders(settings.interface['closedFolders']);
    get().restoreDrafts(settings.interface);
    const { videoId, conversationId } = settings.interface;
    const { loaded, videos, selectedVideoId } = get();
    const isGone = loaded && !videos.some(({ id }) => id === videoId);
    if (selectedVideoId === undefined && typeof videoId === 'string' && !isGone) {
      get().selectVideo(videoId);
      if (typeof conversationId === 'string') get().openConversation(conversationId);
    }
  },
  async changeSettings(change) {
    await get().attempt(() => link.request('settings.change', change));
  },
  remember(change) {
    void get().attempt(() => link.request('settings.change', { interface: change }));
  },
  setTheme(theme) {
    set({ theme });
    get().remember({ theme });
  },
  setLanguage(language) {
    set({ language });
    get().remember({ language });
  },
  bind(actionId, key) { get().rebind({ [actionId]: key }); },
  rebind(changes) {
    const merged = Object.entries({ ...get().bindings, ...changes });
    const bindings = Object.fromEntries(merged.filter((entry): entry is [string, string | null] => entry[1] !== undefined));
    set({ bindings });
    get().remember({ bindings });
  },
  resetBindings() {
    set({ bindings: {} });
    get().remember({ bindings: {} });
  },
  rememberPlace() {
    const { selectedVideoId, conversationId, settings } = get();
    if (settings !== undefined) get().remember({ videoId: selectedVideoId ?? null, conversationId: conversationId ?? null });
  },
});

function readBindings(value: unknown): Record<string, string | null> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string | null] => typeof entry[1] === 'string' || entry[1] === null));
}
