// How the explorer is bundled. Everything lands in dist/, which the program embeds; nothing is fetched at run time.
import { defineConfig } from 'vite';

import { precompress } from './build/precompress.js';

export default defineConfig({
  base: '/graphiql/',
  worker: { format: 'es' },
  build: {
    assetsInlineLimit: 0, // the page's policy allows no scripts or workers from data:
    chunkSizeWarningLimit: 4096, // Monaco
    license: { fileName: 'licences.md' },
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // React's server directives mean nothing in a browser: two hundred warnings would hide a real one.
      onLog: (level, log, warn) => log.code === 'MODULE_LEVEL_DIRECTIVE' || warn(level, log),
    },
  },
  plugins: [precompress()],
});
