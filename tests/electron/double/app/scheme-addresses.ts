/**
 * Chromium without Electron knows no schemes but its own. An address of a registered scheme is another one there, on
 * the loopback's names, which a browser trusts as it trusts a `secure` scheme:
 * `app://longtake/x` is `http://app.longtake.localhost/x`.
 */
const outside = /^http:\/\/([a-z]+)\.([a-z]+)\.localhost(?=\/|$)/u;

export function toChromium(address: string): string {
  return address.replace(/^(app|media):\/\/([a-z]+)(?=\/|$)/u, 'http://$1.$2.localhost');
}

export function fromChromium(address: string): string {
  return address.replace(outside, '$1://$2');
}

/** Addresses inside of scripts, styles and pages. */
export function rewriteText(text: string): string {
  return text.replaceAll(/\b(app|media):\/\/([a-z]+)(?=\/|\b)/gu, 'http://$1.$2.localhost');
}

/** Headers that name schemes: a policy's `media:`, an allowed origin. */
export function rewriteHeader(value: string): string {
  return rewriteText(value).replaceAll(/(?<= )(app|media):(?=[ ;]|$)/gu, 'http://$1.longtake.localhost');
}
