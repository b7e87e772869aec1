import { app } from './app.ts';
import { log } from './link.ts';
import { SchemeServer, type SchemeHandler } from './scheme-server.ts';

type Gate = { mayNavigate(url: string): boolean; mayRequest(url: string): Promise<boolean> };

/** Set by browser-window.ts and session.ts, which the server asks. */
export const gate: Gate = { mayNavigate: () => true, mayRequest: () => Promise.resolve(true) };

export const schemeServer = new SchemeServer({ mayNavigate: (url) => gate.mayNavigate(url), mayRequest: (url) => gate.mayRequest(url) });
schemeServer.onOutside = (address) => { log('outside', address); };

export const registeredSchemes: Record<string, Record<string, boolean>> = {};

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string; readonly privileges: Record<string, boolean> }[]): void {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of schemes) registeredSchemes[scheme] = privileges;
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (!app.isReady()) throw new Error('protocol.handle can only be called after app is ready');
    if (registeredSchemes[scheme]?.['standard'] !== true) throw new Error(`The double knows only schemes that were registered as standard, ${scheme} was not.`);
    schemeServer.handlers.set(scheme, handler);
  },
};
