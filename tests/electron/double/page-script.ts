/** Runs in the page, before its scripts: the little of a browser's names that it uses. */
type Port = {
  postMessage(data: unknown): void;
  close(): void;
  dispatchEvent(event: object): boolean;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
};
declare const window: Record<string, unknown> & { readonly top: unknown };
declare const location: { readonly protocol: string };
declare const Blob: new () => object;
declare const File: new () => { readonly name: string; readonly size: number };
declare const Event: new (name: string) => object;
declare const MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
declare const MessagePort: new () => Port;

export type PageConfiguration = {
  /** A function of the page's window that reaches the test; taken away again before the page can see it. */
  readonly binding: string;
  readonly receiver: string;
  readonly argv: readonly string[];
  readonly platform: string;
  readonly electronVersion: string;
  /** `webUtils.getPathForFile`: where files lie that a test brings in. */
  readonly paths: Readonly<Record<string, string>>;
};
type Module = { exports: unknown };
type Preload = (require: (name: string) => unknown, process: object, module: Module, exports: unknown, channels: unknown) => void;

/**
 * What a sandboxed preload script finds: `require('electron')` with contextBridge, ipcRenderer and webUtils, under
 * Electron's rules: what crosses the bridge is cloned, functions are called across, ports and classes do not cross.
 * Sent to the page as its source, so it uses nothing from outside of itself.
 */
export function runPreload(configuration: PageConfiguration, preload: Preload): void {
  if (window !== window.top || location.protocol === 'about:') return;
  const post = window[configuration.binding] as (token: string, message: unknown) => void;
  Reflect.deleteProperty(window, configuration.binding);
  const token = Math.random().toString(36).slice(2);
  const send = (message: unknown): void => { post(token, message); };

  const clone = (value: unknown, depth = 0): unknown => {
    if (depth > 1000) throw new Error('The object has more than 1000 levels.');
    if (typeof value === 'symbol' || value instanceof MessagePort) throw new Error('An object could not be cloned.');
    if (typeof value === 'function') return (...args: unknown[]): unknown => clone((value as (...args: unknown[]) => unknown)(...args.map((arg) => clone(arg))));
    if (typeof value !== 'object' || value === null || value instanceof Blob) return value;
    if (value instanceof Promise) return value.then((inner) => clone(inner), (error: unknown) => { throw clone(error); });
    if (value instanceof Error) return new Error(value.message);
    if (Array.isArray(value)) return value.map((item) => clone(item, depth + 1));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return structuredClone(value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item, depth + 1)]));
  };
  const freeze = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    for (const inner of Object.values(value)) freeze(inner);
    return Object.freeze(value);
  };
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown): void => {
      if (key in window) throw new Error('Cannot bind an API on top of an existing property on the window object');
      Object.defineProperty(window, key, { value: freeze(clone(api)), enumerable: true, writable: false, configurable: false });
    },
  };

  const listeners = new Map<string, ((event: object, ...args: unknown[]) => void)[]>();
  const answers = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void; readonly channel: string }>();
  /** By a port's number: the end that main has, and the one that the preload script kept. */
  const ports = new Map<number, { readonly far: Port; readonly near: Port | undefined }>();
  const nearOf = new Map<Port, Port>();
  const closing = '__closed';
  let next = 1;
  const ipcRenderer = {
    on: (channel: string, listener: (event: object, ...args: unknown[]) => void): void => { listeners.set(channel, [...listeners.get(channel) ?? [], listener]); },
    off: (channel: string, listener: (event: object, ...args: unknown[]) => void): void => { listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener)); },
    send: (channel: string, ...args: unknown[]): void => { send({ kind: 'send', channel, args: structuredClone(args) }); },
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> => new Promise((resolve, reject) => {
      const id = next++;
      send({ kind: 'invoke', id, channel, args: structuredClone(args) });
      answers.set(id, { resolve, reject, channel });
    }),
    postMessage: (channel: string, message: unknown, transfer: readonly Port[] = []): void => {
      const numbers = transfer.map((far) => {
        const port = next++;
        ports.set(port, { far, near: nearOf.get(far) });
        far.onmessage = ({ data }) => {
          if (data !== closing) { send({ kind: 'port-message', port, data }); return; }
          ports.delete(port);
          send({ kind: 'port-closed', port });
        };
        return port;
      });
      send({ kind: 'post', channel, message: structuredClone(message), ports: numbers });
    },
  };

  /** Electron's ports tell each other that they are closed, a browser's do not. */
  class ClosingMessageChannel {
    readonly port1: Port;
    readonly port2: Port;
    constructor() {
      const { port1, port2 } = new MessageChannel();
      this.port1 = port1;
      this.port2 = port2;
      nearOf.set(port2, port1);
      const close = port1.close.bind(port1);
      port1.close = () => {
        port1.postMessage(closing);
        close();
      };
    }
  }

  type Incoming = {
    readonly kind: string; readonly channel: string; readonly args: unknown[]; readonly id: number; readonly value: unknown; readonly message: string;
    readonly port: number; readonly data: unknown;
  };
  const take = ({ kind, channel, args, id, value, message, port, data }: Incoming): void => {
    if (kind === 'send') for (const listener of listeners.get(channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...args);
    if (kind === 'result') answers.get(id)?.resolve(value);
    if (kind === 'failed') answers.get(id)?.reject(new Error(`Error invoking remote method '${answers.get(id)?.channel ?? ''}': ${message}`));
    if (kind === 'result' || kind === 'failed') answers.delete(id);
    if (kind === 'port-message') ports.get(port)?.far.postMessage(data);
    if (kind === 'port-closed') {
      const near = ports.get(port)?.near;
      ports.delete(port);
      // Behind the messages that are on their way, which travel as tasks of the same kind.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { near?.dispatchEvent(new Event('close')); };
      port2.postMessage(null);
    }
  };
  Object.defineProperty(window, configuration.receiver, {
    enumerable: false,
    value: (of: string, messages: readonly Incoming[]) => { if (of === token) messages.forEach(take); },
  });
  send({ kind: 'hello' });

  const paths = new Map(Object.entries(configuration.paths));
  Object.defineProperty(window, `${configuration.receiver}Paths`, { enumerable: false, value: paths });
  const webUtils = {
    getPathForFile: (file: unknown): string => {
      if (!(file instanceof File)) throw new TypeError('getPathForFile expected to receive a File object but one was not provided');
      return paths.get(file.name) ?? '';
    },
  };
  const require = (name: string): unknown => {
    if (name === 'electron') return { contextBridge, ipcRenderer, webUtils };
    throw new Error(`module not found: ${name}`);
  };
  const process = { platform: configuration.platform, argv: [...configuration.argv], type: 'renderer', sandboxed: true, contextIsolated: true, versions: { electron: configuration.electronVersion } };
  const module: Module = { exports: {} };
  preload(require, process, module, module.exports, ClosingMessageChannel);
}

/** The script for a page: the environment, and the built preload script as a function inside of it. */
export function pageScript(configuration: PageConfiguration, preloadSource: string): string {
  return `(${runPreload.toString()})(${JSON.stringify(configuration)}, function (require, process, module, exports, MessageChannel) {\n${preloadSource}\n});`;
}
