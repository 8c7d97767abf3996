/** Folders of the private file system by path. Used by page and worker alike. */
import type { StoredFile } from './protocol.ts';

/** `a/b/c` → [`a/b`, `c`]. */
export function splitPath(file: string): [folder: string, name: string] {
  const slash = file.lastIndexOf('/');
  return [file.slice(0, Math.max(slash, 0)), file.slice(slash + 1)];
}

/** Throws where the platform has no files for want of a secure origin, and says so. */
export function assertSecureOrigin(): void {
  if (globalThis.isSecureContext !== false) return;
  const message = `${location.origin} is an insecure origin, which has no private files and no locks: serve it by https, or from localhost`;
  throw new DOMException(message, 'SecurityError');
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotFoundError';

/** Folder handles by path: each costs as much as opening a small file. What was below a removed one is opened anew. */
const known = new Map<string, FileSystemDirectoryHandle>();

async function openFolder(path: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  const found = known.get(path);
  if (found) return found;
  const [parent, name] = splitPath(path);
  const folder =
    name === ''
      ? await navigator.storage.getDirectory()
      : await (await openFolder(parent, create)).getDirectoryHandle(name, { create });
  known.set(path, folder);
  return folder;
}

/** Runs `use` in the folder; once more with fresh handles where one that was known turns out to be gone. */
export async function inFolder<T>(
  path: string,
  create: boolean,
  use: (folder: FileSystemDirectoryHandle) => Promise<T>,
): Promise<T> {
  const areNew = known.size === 0;
  try {
    return await use(await openFolder(path, create));
  } catch (error) {
    if (areNew || !isNotFound(error)) throw error;
    known.clear();
    return use(await openFolder(path, create));
  }
}

export async function getFileHandle(file: string, create = false): Promise<FileSystemFileHandle> {
  const [folder, name] = splitPath(file);
  return inFolder(folder, create, (parent) => parent.getFileHandle(name, { create }));
}

/** Removes a file. Returns false while some realm holds it; one that is not there counts as removed. */
export async function removeFile(file: string): Promise<boolean> {
  const [folder, name] = splitPath(file);
  try {
    await inFolder(folder, false, (parent) => parent.removeEntry(name));
    return true;
  } catch (error) {
    return isNotFound(error);
  }
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
    return await inFolder(path, false, (folder) => walk(folder, path));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Removes the folder of a memory, or of all; returns false where another realm still holds a file of it. */
export async function removeFolder(path: string): Promise<boolean> {
  if (typeof navigator === 'undefined' || !navigator.storage?.getDirectory) return true;
  const [parent, name] = splitPath(path);
  try {
    await inFolder(parent, false, (folder) => folder.removeEntry(name, { recursive: true }));
    return true;
  } catch (error) {
    // SecurityError and UnknownError: there is no private file system in a private window.
    return (
      error instanceof DOMException && ['NotFoundError', 'SecurityError', 'UnknownError'].includes(error.name)
    );
  } finally {
    known.clear();
  }
}
