import { stat } from 'node:fs/promises';
import path from 'node:path';
import { BrowserWindow, clipboard, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { LongtakeError } from '../../engine/protocol/errors.ts';
import { channels, type Answer, type Asks, type Tells } from '../shell-channel.ts';
import { isOurs } from './addresses.ts';
import { openExternal } from './external-address.ts';
import { openFiles, saveFile, saveText } from './file-dialogs.ts';
import { menuSchema } from './menu.ts';
import { busySchema } from './quitting.ts';
import { wordsOf, type Words } from './words.ts';

const title = z.string().max(300);
/** A name to begin with, not a path: where it goes is for the user to say. */
const fileName = z.string().max(300).regex(/^[^/\\\0]*$/u);
const extension = z.string().regex(/^[a-z0-9]{1,12}$/u);
const text = z.string().max(64 * 1024 * 1024);

type Parameter<Call extends (parameter: never) => unknown> = Parameters<Call>[0];

const askSchemas = {
  openFiles: z.strictObject({ title, kind: z.enum(['videos', 'memory', 'folder']) }),
  saveFile: z.strictObject({ title, fileName, extension }),
  saveText: z.strictObject({ title, fileName, extension, text }),
  showInFolder: z.string().max(32_768),
  openExternal: z.string().max(8192),
  copyText: text,
} satisfies { readonly [Name in keyof Asks]: z.ZodType<Parameter<Asks[Name]>> };

const tellSchemas = {
  setMenu: menuSchema,
  setBusy: busySchema,
  setTheme: z.enum(['light', 'dark', 'system']),
  takesFiles: z.null(),
} satisfies { readonly [Name in keyof Tells]: z.ZodType<Parameter<Tells[Name]>> };

const questionSchema = z.strictObject({ name: z.enum(Object.keys(askSchemas) as (keyof Asks)[]), parameter: z.unknown(), language: z.string().max(40) });
const noticeSchema = z.strictObject({ name: z.enum(Object.keys(tellSchemas) as (keyof Tells)[]), parameter: z.unknown() });

type Answers = { readonly [Name in keyof Asks]: (window: BrowserWindow, parameter: z.infer<(typeof askSchemas)[Name]>, words: Words) => Promise<unknown> };
export type Takers = { readonly [Name in keyof Tells]: (window: BrowserWindow, parameter: z.infer<(typeof tellSchemas)[Name]>) => void };

const answers: Answers = {
  openFiles,
  saveFile,
  saveText,
  openExternal,
  async showInFolder(_window, file) {
    const found = path.isAbsolute(file) && await stat(file).catch(() => undefined) !== undefined;
    if (!found) throw new LongtakeError('file-not-found', `${JSON.stringify(file)} is not there any more.`, { path: file });
    shell.showItemInFolder(file);
  },
  copyText: (_window, words) => Promise.resolve(clipboard.writeText(words)),
};

/**
 * The one door for messages of a page. Each must come from the main frame of a window that shows the app, and be what
 * its schema says; nothing else is looked at.
 */
export function listenToPages(takers: Takers, connect: (event: IpcMainEvent) => void): void {
  ipcMain.handle(channels.ask, async (event, raw: unknown): Promise<Answer> => {
    const window = trustedWindow(event);
    if (window === undefined) return { refusal: 'This page is not Longtake\'s.' };
    try {
      const { name, parameter, language } = questionSchema.parse(raw);
      const answer = answers[name] as (window: BrowserWindow, parameter: unknown, words: Words) => Promise<unknown>;
      return { value: await answer(window, askSchemas[name].parse(parameter), wordsOf(language)) };
    } catch (error) {
      return { refusal: error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error) };
    }
  });
  ipcMain.on(channels.tell, (event, raw: unknown) => {
    const window = trustedWindow(event);
    const notice = noticeSchema.safeParse(raw);
    if (window === undefined || !notice.success) return;
    const { name, parameter } = notice.data;
    const parsed = tellSchemas[name].safeParse(parameter);
    if (parsed.success) (takers[name] as (window: BrowserWindow, parameter: unknown) => void)(window, parsed.data);
  });
  ipcMain.on(channels.connect, (event) => {
    if (trustedWindow(event) !== undefined) connect(event);
    else for (const port of event.ports) port.close();
  });
}

/** The window of a message; undefined where the frame has gone, is inside of another, or shows something else. */
function trustedWindow({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): BrowserWindow | undefined {
  if (senderFrame === null || senderFrame.parent !== null || !isOurs(senderFrame.url)) return undefined;
  return BrowserWindow.fromWebContents(sender) ?? undefined;
}
