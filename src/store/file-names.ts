/** Names of folders and files: readable, [a-z0-9_-] only, bounded, unique per write. */

// Engines allow 255; WebKit refuses 256. The rest is room for key, suffix and ending.
const MAX_LABEL = 80;
const root = 'keepsake';

/** A label that any file system takes; a digest of the text is added where characters were lost. */
export function labelOf(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, MAX_LABEL);
  return label === text ? label : `${label}-${shortDigest(text)}`;
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells labels apart, guards nothing. */
function shortDigest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export const rootFolder = (): string => root;

export const folderOf = (memory: string): string => `${root}/${labelOf(memory)}`;

/** `<function label>/<key>-<random>.safetensors`; never the same twice, so nothing is ever overwritten. */
export function fileNameOf(functionId: string, key: string): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `${labelOf(functionId)}/${key.slice(0, 64)}-${random.toString(36)}.safetensors`;
}
