import type { StreamEvent } from '../protocol/events.ts';
import type { Changes } from './changes.ts';

export type Moving = StreamEvent<'move'>['moving'];

/** How far the library is on its way to another place: for every window, as the one that asked hears it by its request. */
export class LibraryMoving {
  readonly #changes: Changes;
  #state: Moving = null;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  get state(): Moving {
    return this.#state;
  }

  set(state: Moving): void {
    this.#state = state;
    this.#changes.emit({ topic: 'move' });
  }
}
