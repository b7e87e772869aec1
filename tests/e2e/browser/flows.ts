import { suite } from 'node:test';
import { conversations } from './flows/conversations.ts';
import { keeping } from './flows/keeping.ts';
import { library } from './flows/library.ts';
import { screens } from './flows/screens.ts';
import { setStage, type Part } from './flows/stage.ts';
import { theFirstHour } from './flows/first-hour.ts';
import { theLongFilm } from './flows/long-film.ts';
import type { ShellKind } from './harness.ts';

/** In this order; each has what it stands on before it. */
const everything = [theFirstHour, theLongFilm, conversations, library, screens, keeping] as const;
/** All but the screens, which begin with the page's own menu: over Electron that is the system's. */
const overTheDouble: readonly Part[] = everything.filter((part) => part !== screens);

/** What a person does with the app, from the first start on, over one kind of shell; `more` is what only that kind can. */
export function describeApp(kind: ShellKind, more: readonly Part[]): void {
  suite(`the app in ${kind}`, () => {
    const stage = setStage(kind);
    for (const part of [...(kind === 'electron-double' ? overTheDouble : everything), ...more]) stage.play(part);
  });
}
