import type { EventEmitter } from 'node:events';

/** An event whose default a listener may prevent. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void { this.defaultPrevented = true; }
}

/** Emits `name` with an event of its own first, and says whether what follows from it may happen. */
export function allowed(emitter: EventEmitter, name: string, properties: object = {}, ...rest: readonly unknown[]): boolean {
  const event = Object.assign(new PreventableEvent(), properties);
  emitter.emit(name, event, ...rest);
  return !event.defaultPrevented;
}
