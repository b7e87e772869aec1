/** What a page of this host may do: its own scripts, pictures, films and socket; nothing from anywhere else. */
function contentSecurityPolicy(styleNonce: string | undefined): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src 'self'${styleNonce === undefined ? '' : ` 'nonce-${styleNonce}'`}`,
    "img-src 'self' data: blob:", "media-src 'self' blob:", "font-src 'self'",
    "connect-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer of the web host; the page itself gets a nonce for the styles that it makes while it runs. */
export function securityHeaders(styleNonce?: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(styleNonce),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
  };
}
