import { Memory } from 'keepsake';

/** Another tab says that it deletes before it has deleted. */
const remoteDeleteMs = 500;

/** Whether the memory has any storage at all, asked without opening it: to open is to create. */
export async function hasStorage(memory: Memory): Promise<boolean> {
  // A browser that refuses all storage refuses the list too.
  return (await Memory.list().catch((): readonly string[] => [])).includes(memory.name);
}

/** Hears that stored entries are gone; with `isEverything` there is nothing left to ask the memory for. */
export function onRemoved(memory: Memory, listener: (isEverything: boolean) => void): void {
  memory.addEventListener('evict', () => listener(false));
  memory.addEventListener('delete', ({ detail: { reason, functionId, key } }) => {
    if (reason === 'remote') setTimeout(listener, remoteDeleteMs, false);
    else listener(reason === 'cleared' && functionId === undefined && key === undefined);
  });
}
