/** An error as it crosses from the engine, or one of the page's own, which has no code. */
export type SaidError = { readonly code?: string | undefined; readonly message: string };

/**
 * An error in the language of the interface: what kind of error it is comes from its code. The engine's own sentence, with
 * the file and the numbers, is English, and stands behind.
 */
export function errorWords(t: (key: string, values: { readonly message: string; readonly defaultValue: string }) => string, { code, message }: SaidError): string {
  return code === undefined ? message : t(`errors.${code}`, { message, defaultValue: message });
}
