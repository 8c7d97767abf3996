import { basename } from 'node:path';
import { build, type Rolldown } from 'vite';

/**
 * The parts that the library comes in beside its core, and the modules that each is fetched for, in order: what several
 * need is in the first that needs it.
 */
const parts: Readonly<Record<string, readonly string[]>> = {
  code: ['code', 'rare-kinds', 'rare-readers'],
  miss: ['miss', 'books', 'backends', 'writer-lease'],
  mapped: ['mapped-results', 'mapped'],
  'mapped-writing': ['entry-writer', 'map-value'],
  upkeep: ['upkeep'],
  inspection: ['inspection', 'shelve', 'shelf-access', 'verifier'],
  packs: ['packs'],
  elsewhere: ['elsewhere'],
  'memory-only': ['in-memory-catalog'],
  'in-thread': ['operations'],
  sha256: ['sha256'],
  'plain-hashes': ['xxh128', 'xxh64'],
};

type Chunk = Rolldown.OutputChunk;

/** Which part each module belongs to: asked of the bundler, which knows what is used of each. */
export async function partsOf(
  entry: string,
  external: readonly (string | RegExp)[],
): Promise<(id: string) => string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: 'index' },
      rolldownOptions: { external: [...external] },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[]; // nothing is watched
  const chunks = outputs
    .flatMap(({ output }) => output)
    .filter((each): each is Chunk => each.type === 'chunk');
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const partOf = new Map<string, string>();
  const assign = (part: string, chunk: Chunk | undefined): void => {
    for (const id of chunk?.moduleIds ?? []) if (!partOf.has(id)) partOf.set(id, part);
    for (const file of chunk?.imports ?? []) {
      const imported = byFile.get(file);
      if (imported && !imported.moduleIds.every((id) => partOf.has(id))) assign(part, imported);
    }
  };
  assign(
    'core',
    chunks.find(({ isEntry }) => isEntry),
  );
  for (const [part, modules] of Object.entries(parts)) {
    for (const name of modules)
      assign(
        part,
        chunks.find(({ facadeModuleId }) => basename(facadeModuleId ?? '', '.ts') === name),
      );
  }
  const lost = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => !partOf.has(id));
  if (lost.length > 0) throw new Error(`In no part of the library: ${lost.join(', ')}`);
  return (id) => (id === entry ? 'entry' : (partOf.get(id) ?? 'core'));
}
