import { z } from 'zod';
import { toWireError } from '../protocol/envelope.ts';
import type { MethodResult } from '../protocol/methods.ts';
import type { Library } from '../library/index.ts';
import { defaultRoot } from '../pipeline/home.ts';
import type { WebHost } from './web/host.ts';
import type { ShellEngine } from './web/socket-transport.ts';

const key = 'programs';
/** Other programs are set up with address and key: both stay what they were. */
const keptSchema = z.object({ on: z.boolean(), port: z.int().optional(), token: z.string().optional() });

/**
 * Lets other programs of this machine ask the engine of a desktop app, which opens no port by itself: a web host on the
 * loopback in the engine's own process, so that no model is loaded twice. Off until somebody turns it on.
 */
export class ProgramDoor {
  readonly #library: Library;
  #shell: ShellEngine | undefined;
  #open: { readonly host: WebHost; readonly withdraw: () => void } | undefined;
  #error: unknown;
  /** One change after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(library: Library) {
    this.#library = library;
  }

  /** From now on it is offered; opens where it was left on. */
  async start(shell: ShellEngine): Promise<void> {
    this.#shell = shell;
    await this.#follow();
  }

  async set(on: boolean): Promise<MethodResult<'programs.get'>> {
    if (this.#shell !== undefined) {
      this.#keep({ ...this.#kept, on });
      await this.#follow();
    }
    return this.state;
  }

  get state(): MethodResult<'programs.get'> {
    const { on } = this.#kept;
    const host = this.#open?.host;
    return {
      offered: this.#shell !== undefined, on,
      ...host !== undefined && { api: `${host.origin}/v1`, mcp: `${host.origin}/mcp`, key: host.token },
      ...on && this.#error !== undefined && { error: toWireError(this.#error) },
    };
  }

  async close(): Promise<void> {
    this.#shell = undefined;
    await this.#follow();
  }

  get #kept(): z.infer<typeof keptSchema> {
    return this.#library.settings.get(key, keptSchema) ?? { on: false };
  }

  #keep(kept: z.infer<typeof keptSchema>): void {
    this.#library.settings.set(key, kept);
  }

  #follow(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#change()).then(() => { this.#error = undefined; }, (error: unknown) => { this.#error = error; });
    return this.#turn;
  }

  async #change(): Promise<void> {
    const shell = this.#shell;
    if (shell !== undefined && this.#kept.on) {
      if (this.#open === undefined) await this.#listen(shell);
    } else if (this.#open !== undefined) {
      const { host, withdraw } = this.#open;
      this.#open = undefined;
      withdraw();
      await host[Symbol.asyncDispose]();
    }
  }

  async #listen(shell: ShellEngine): Promise<void> {
    // Few ever want it, and it brings a server with it.
    const [{ startWebHost }, { announceHost }] = await Promise.all([import('./web/host.ts'), import('./web/running-host.ts')]);
    const { port = 0, token } = this.#kept;
    // Where another program has taken its port meanwhile, it gets another one.
    const host = await startWebHost(shell, { port, token }).catch(() => startWebHost(shell, { token }));
    this.#open = { host, withdraw: announceHost(defaultRoot(), host) };
    this.#keep({ on: true, port: Number(new URL(host.origin).port), token: host.token });
  }
}
