// Writes a .br and a .gz beside each file of the bundle that gains from it, so that the program never compresses.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const WORTH_IT = /\.(js|css|html|svg|json|md|ttf)$/;
const SMALLEST = 1024; // bytes; below a packet's worth there is nothing to save

const variants = {
  '.br': (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  '.gz': (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

export function precompress() {
  let directory;
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      directory = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = (await readdir(directory, { recursive: true }))
        .filter((file) => WORTH_IT.test(file) && file !== 'index.html') // the page is filled in by the program
        .map((file) => path.join(directory, file));
      for (const file of files) {
        const bytes = await readFile(file);
        if (bytes.length < SMALLEST) continue;
        for (const [suffix, compress] of Object.entries(variants)) {
          const smaller = await compress(bytes);
          if (smaller.length < bytes.length * 0.95) await writeFile(file + suffix, smaller);
        }
      }
    },
  };
}
