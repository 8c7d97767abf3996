/** Folders of the private file system by path. Used by page and worker alike. */
import type { StoredFile } from './protocol.ts';

/** `a/b/c` → [`a/b`, `c`]. */
export function splitPath(file: string): [folder: string, name: string] {
  const slash = file.lastIndexOf('/');
  return [file.slice(0, Math.max(slash, 0)), file.slice(slash + 1)];
}

export async function openFolder(
  path: string,
  options: FileSystemGetDirectoryOptions,
): Promise<FileSystemDirectoryHandle> {
  let folder = await navigator.storage.getDirectory();
  for (const name of path.split('/').filter((part) => part !== '')) {
    folder = await folder.getDirectoryHandle(name, options);
  }
  return folder;
}

async function walk(folder: FileSystemDirectoryHandle, path: string): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  for await (const [name, handle] of folder.entries()) {
    const file = `${path}/${name}`;
    // entries() is typed by the base handle; `kind` tells which one it is.
    if (handle.kind === 'directory') found.push(...(await walk(handle as FileSystemDirectoryHandle, file)));
    else {
      const byteLength = await sizeOf(handle as FileSystemFileHandle);
      if (byteLength !== undefined) found.push({ file, byteLength });
    }
  }
  return found;
}

/** undefined: removed since its folder was listed, which says nothing of the others. */
async function sizeOf(handle: FileSystemFileHandle): Promise<number | undefined> {
  try {
    return (await handle.getFile()).size;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

/** Every file below `path`, with its size; none where the folder does not exist. */
export async function walkFolder(path: string): Promise<StoredFile[]> {
  try {
    return await walk(await openFolder(path, { create: false }), path);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return [];
    throw error;
  }
}
