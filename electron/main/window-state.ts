import { readFileSync, writeFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';

const stateSchema = z.object({
  version: z.literal(1),
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) }).exactOptional(),
  maximized: z.boolean(),
  /** Kept here too, so that the next start has the right background before the page is there. */
  theme: z.enum(['light', 'dark', 'system']),
});
type State = z.infer<typeof stateSchema>;

const minimumVisible = 100;

/** Where the window was, in a file of its own: worth remembering, not worth an error. */
export class WindowState {
  readonly #file: string;
  #state: State = { version: 1, maximized: false, theme: 'system' };

  constructor(file: string) {
    this.#file = file;
    try {
      this.#state = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch { /* the first start, or a file that somebody edited */ }
  }

  get theme(): State['theme'] { return this.#state.theme; }
  get maximized(): boolean { return this.#state.maximized; }

  /** Undefined where the screen that it was on is gone. */
  get bounds(): Rectangle | undefined {
    const { bounds } = this.#state;
    if (bounds === undefined) return undefined;
    const { workArea } = screen.getDisplayMatching(bounds);
    const across = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
    const down = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
    return across >= minimumVisible && down >= minimumVisible ? bounds : undefined;
  }

  keepTheme(theme: State['theme']): void {
    this.#state = { ...this.#state, theme };
    this.#write();
  }

  /** Remembers what a window looks like when it closes. */
  follow(window: BrowserWindow): void {
    window.on('close', () => {
      this.#state = { ...this.#state, bounds: window.getNormalBounds(), maximized: window.isMaximized() };
      this.#write();
    });
  }

  #write(): void {
    try {
      writeFileSync(this.#file, JSON.stringify(this.#state));
    } catch { /* a full disk says so where it matters */ }
  }
}
