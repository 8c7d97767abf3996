/**
 * The files that the demo page fetches, packed from npm packages. Nothing is written into the tree: the development
 * server answers with the bytes and the build emits them.
 */
import type { Plugin } from 'vite';
import { packDigits } from './pack-digits.ts';
import { packFlights } from './pack-flights.ts';

const packers: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
  'digits.bin': packDigits,
  'flights.bin': packFlights,
};

/** Serves each file beside the page, in development and in the build. */
export function demoData(): Plugin {
  const packed = new Map<string, Uint8Array<ArrayBuffer>>();
  const pack = (fileName: string): Uint8Array<ArrayBuffer> => {
    const bytes = packed.get(fileName) ?? packers[fileName]?.() ?? new Uint8Array();
    packed.set(fileName, bytes);
    return bytes;
  };
  return {
    name: 'keepsake-demo-data',
    configureServer(server) {
      for (const fileName of Object.keys(packers))
        server.middlewares.use(`/${fileName}`, (_request, response) => {
          response.setHeader('Content-Type', 'application/octet-stream');
          response.end(pack(fileName));
        });
    },
    generateBundle() {
      for (const fileName of Object.keys(packers))
        this.emitFile({ type: 'asset', fileName, source: pack(fileName) });
    },
  };
}
