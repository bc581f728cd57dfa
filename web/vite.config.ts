// SPDX-License-Identifier: GPL-3.0-or-later
// How the page is built, and how it is served while somebody works on it.

import { defineConfig } from 'vitest/config';

// `NEARFAB_WEB_ROUTER=http://127.0.0.1:7480 npm run dev` shows the page of a real router.
const router = process.env.NEARFAB_WEB_ROUTER ?? 'http://127.0.0.1:7480';

const proxy = {
  '/api': { target: router, changeOrigin: false },
  '/version': { target: router, changeOrigin: false },
};

export default defineConfig({
  base: './',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The policy of the router allows no inline module and no data: script.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
  server: { proxy },
  preview: { proxy },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
