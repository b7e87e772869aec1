import type { z } from 'zod';
import type { ProgressListener } from './progress.ts';
import { appMethods } from './methods-app.ts';
import { chapterMethods } from './methods-chapters.ts';
import { conversationMethods } from './methods-conversations.ts';
import { fileMethods } from './methods-files.ts';
import { folderMethods } from './methods-folders.ts';
import { libraryMethods, queueMethods } from './methods-library.ts';
import { mediaMethods } from './methods-media.ts';
import { modelMethods } from './methods-models.ts';
import { surveyMethods } from './methods-surveys.ts';

type MethodSchemas = { readonly params: z.ZodType; readonly result: z.ZodType };

/** Every method that a client may request (docs/protocol.md). */
export const methods = {
  ...appMethods, ...modelMethods, ...libraryMethods, ...queueMethods, ...conversationMethods, ...fileMethods, ...mediaMethods,
  ...folderMethods, ...surveyMethods, ...chapterMethods,
} as const satisfies Readonly<Record<string, MethodSchemas>>;

export type Methods = typeof methods;
export type Method = keyof Methods;
/** What a client gives: members with a default may be left out. */
export type MethodInput<Name extends Method> = z.input<Methods[Name]['params']>;
/** What a handler gets. */
export type MethodParams<Name extends Method> = z.output<Methods[Name]['params']>;
/** What a client gets. */
export type MethodResult<Name extends Method> = z.output<Methods[Name]['result']>;

export type RequestContext = { readonly signal: AbortSignal; readonly onProgress: ProgressListener };
/** What a handler may return: values are parsed by the result's schema, so what is not in it does not leave. */
type HandlerResult<Name extends Method> = DeepReadonly<z.input<Methods[Name]['result']>>;
export type MethodHandlers<Name extends Method = Method> = {
  readonly [Each in Name]: (params: MethodParams<Each>, context: RequestContext) => HandlerResult<Each> | Promise<HandlerResult<Each>>;
};

type DeepReadonly<Value> = Value extends (infer Item)[] ? readonly DeepReadonly<Item>[]
  : Value extends object ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> } : Value;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}
