/** Deletes every memory of the origin, with other tabs looking on. */

import { removeFolder } from '../blobs/blobs.ts';
import { deleteMemory } from '../catalog/catalog.ts';
import { wait } from '../deferred/deferred.ts';
import { openChannel } from '../locks/locks.ts';
import { rootFolder } from '../store/store.ts';

/** How long other tabs are waited for: their connections and open files. */
const WAIT_MS = 3_000;
const PAUSE_MS = 100;

/** What is gone, and what another tab still holds, which goes when it lets go. */
export interface ClearedOrigin {
  readonly removed: string[];
  readonly pending: string[];
}

/** Has the other tabs let go of files, and forget what they were about to write. */
function announce(name: string): void {
  const channel = openChannel(name, () => undefined);
  channel.post({ kind: 'clear-origin' });
  channel.close();
}

async function removeFiles(): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    if (await removeFolder(rootFolder())) return true;
    if (waitedMs >= WAIT_MS) return false;
    await wait(PAUSE_MS);
  }
}

export async function clearOrigin(names: readonly string[]): Promise<ClearedOrigin> {
  for (const name of names) announce(name);
  const [isGone, ...outcomes] = await Promise.all([
    removeFiles(),
    ...names.map((name) => deleteMemory(name, WAIT_MS)),
  ]);
  const pending = names.filter((_, at) => outcomes[at] === 'pending');
  if (!isGone && pending.length === 0) pending.push(...names);
  return { removed: names.filter((name) => !pending.includes(name)), pending };
}
