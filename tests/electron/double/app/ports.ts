import { EventEmitter } from 'node:events';

/** Main's end of a port that a page sent. What comes before `start` waits, as Electron says. */
export class MessagePortMain extends EventEmitter {
  #started = false;
  #open = true;
  #waiting: unknown[] = [];
  readonly #send: (data: unknown) => void;
  readonly #close: () => void;

  constructor(send: (data: unknown) => void, close: () => void) {
    super();
    this.#send = send;
    this.#close = close;
  }

  start(): void {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
  }

  postMessage(message: unknown): void {
    // Cloned now: a later change of the object is not the other side's.
    if (this.#open) this.#send(structuredClone(message));
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#close();
  }

  /** From the page. */
  receive(data: unknown): void {
    if (!this.#open) return;
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  /** The page's end is closed, or the page has gone. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.emit('close');
  }
}
