/** Packages that the plugin needs and the library does not: who wants the plugin installs them beside it. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** With the versions that this one was tested with. */
const peers = ['oxc-parser@0.154.0', 'unplugin@3', 'magic-string@1'];

function load(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    throw new Error(
      `The build plugin of keepsake cannot load "${name}"; it needs three packages of yours: npm install --save-dev ${peers.join(' ')}`,
      { cause },
    );
  }
}

// What a package exports is what its own declarations say.
export const { createUnplugin } = load('unplugin') as typeof import('unplugin');
export const { parseSync, rawTransferSupported } = load('oxc-parser') as typeof import('oxc-parser');
export const { default: MagicString } = load('magic-string') as typeof import('magic-string');
