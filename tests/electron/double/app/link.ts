import { EventEmitter } from 'node:events';
import type { FromApp, ToApp } from '../messages.ts';

/** The app's end of the channel to the test's process. */
export const link = new EventEmitter<{ [Type in ToApp['type']]: [Extract<ToApp, { type: Type }>] }>();

export function tellTest(message: FromApp): void {
  if (process.connected) process.send?.(message);
}

export function log(api: string, value: unknown): void {
  tellTest({ type: 'log', call: { api, value } });
}

let nextDialog = 1;

/** A dialog of the system: the test is the person before it. */
export async function askTest(api: string, options: unknown): Promise<unknown> {
  const id = nextDialog++;
  tellTest({ type: 'dialog', id, api, options });
  return await new Promise((resolve) => {
    const take = (answer: { readonly id: number; readonly value: unknown }): void => {
      if (answer.id !== id) return;
      link.off('dialog-answer', take);
      resolve(answer.value);
    };
    link.on('dialog-answer', take);
  });
}

process.on('message', (raw) => {
  const message = raw as ToApp;
  (link.emit as (type: string, message: ToApp) => boolean)(message.type, message);
});
// The test has gone: an app without anybody in front of it would run for ever.
process.on('disconnect', () => { process.exit(0); });
