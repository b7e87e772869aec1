import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The renderer, for both shells. `__CSP_NONCE__` is replaced by them, anew for every page. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: path.join(import.meta.dirname, '../out/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Nothing is inlined as data: the policy of the page allows its own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What counts is measured, compressed, by tests/bench/renderer-bundle.ts; a warning at every first start helps nobody.
    chunkSizeWarningLimit: 2000, // kB
  },
});
