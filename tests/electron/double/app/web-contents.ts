import { EventEmitter } from 'node:events';
import type { FrameState, MessageToPage, PageMessage } from '../messages.ts';
import { app } from './app.ts';
import { allowed } from './events.ts';
import { ipcMain } from './ipc-main.ts';
import { tellTest } from './link.ts';
import { MessagePortMain } from './ports.ts';
import { schemeServer } from './protocol.ts';

type OpenHandler = (details: { readonly url: string; readonly disposition: string }) => { readonly action: 'allow' | 'deny' };

export class WebContents extends EventEmitter {
  readonly id: number;
  #url = '';
  /** The document that the page shows; messages of an earlier one are nobody's. */
  #document = 0;
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  readonly #ports = new Map<number, MessagePortMain>();

  constructor(id: number) {
    super();
    this.id = id;
    app.emit('web-contents-created', {}, this);
  }

  getURL(): string { return this.#url; }
  setWindowOpenHandler(handler: OpenHandler): void { this.#openHandler = handler; }
  mayOpen(url: string): boolean { return this.#openHandler({ url, disposition: 'foreground-tab' }).action === 'allow'; }
  mayAttachWebview(): boolean { return allowed(this, 'will-attach-webview', {}, {}, {}); }

  /** Of the page, or a link in it. Electron says so of the frame first, then of the main frame. */
  mayNavigate(url: string): boolean {
    const details = { url, isMainFrame: true, isSameDocument: false, frame: null };
    return allowed(this, 'will-frame-navigate', details) && allowed(this, 'will-navigate', details, url);
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.#toPage({ kind: 'send', channel, args: structuredClone(args) });
  }

  load(url: string): void {
    this.#url = url;
    schemeServer.expected = url;
    tellTest({ type: 'load', window: this.id, url });
  }

  reload(): void {
    schemeServer.expected = this.#url;
    tellTest({ type: 'reload', window: this.id });
  }

  /** The old document goes, and with it the far ends of its ports. */
  leave(): void {
    for (const port of this.#ports.values()) port.end();
    this.#ports.clear();
  }

  receive(document: number, frame: FrameState, message: PageMessage): void {
    if (message.kind === 'hello') { this.#document = document; return; }
    if (document !== this.#document) return;
    const event = { sender: this, senderFrame: makeFrame(frame), frameId: 1, processId: 1, type: 'frame' as const };
    switch (message.kind) {
      case 'send': ipcMain.emit(message.channel, { ...event, ports: [] }, ...message.args); return;
      case 'invoke':
        ipcMain.answer(message.channel, event, message.args).then(
          (value) => { this.#toPage({ kind: 'result', id: message.id, value }); },
          (error: unknown) => { this.#toPage({ kind: 'failed', id: message.id, message: String(error) }); });
        return;
      case 'post':
        ipcMain.emit(message.channel, { ...event, ports: message.ports.map((port) => this.#port(port)) }, message.message);
        return;
      case 'port-message': this.#ports.get(message.port)?.receive(message.data); return;
      case 'port-closed':
        this.#ports.get(message.port)?.end();
        this.#ports.delete(message.port);
        return;
      default: message satisfies never;
    }
  }

  #port(port: number): MessagePortMain {
    const made = new MessagePortMain(
      (data) => { this.#toPage({ kind: 'port-message', port, data }); },
      () => {
        this.#ports.delete(port);
        this.#toPage({ kind: 'port-closed', port });
      });
    this.#ports.set(port, made);
    return made;
  }

  #toPage(message: MessageToPage): void {
    tellTest({ type: 'to-page', window: this.id, document: this.#document, message });
  }
}

export function makeFrame({ url, hasParent }: FrameState): { readonly url: string; readonly parent: object | null } {
  return { url, parent: hasParent ? { url: '' } : null };
}
