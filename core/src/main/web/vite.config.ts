import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The folder that Maven puts on the class path; the server serves it as it stands.
  build: {
    outDir: process.env['CANOPY_WEB_OUT'] ?? resolve(import.meta.dirname, '../../../target/classes/web'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // Nothing as a data: URL: fonts and icons are files that the browser keeps.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': process.env['CANOPY_API'] ?? 'http://127.0.0.1:8080' },
  },
  preview: {
    host: '127.0.0.1',
    proxy: { '/api': process.env['CANOPY_API'] ?? 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/unit/**/*.test.ts'],
  },
});
