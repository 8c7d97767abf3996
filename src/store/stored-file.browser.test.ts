import { safetensors } from '@jax-js/loaders';
import { expect, test } from 'vitest';
import { freshMemory } from '../testing/memories.ts';

/** The only file that the memory has stored. */
async function storedFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const root = await navigator.storage.getDirectory();
  const folder = await (await root.getDirectoryHandle('keepsake')).getDirectoryHandle(name);
  for await (const label of folder.values()) {
    for await (const file of (label as FileSystemDirectoryHandle).values()) {
      return new Uint8Array(await (await (file as FileSystemFileHandle).getFile()).arrayBuffer());
    }
  }
  throw new Error('Nothing is stored');
}

test("a stored file opens with another project's safetensors reader", async () => {
  const { memory } = freshMemory();
  const weights = Float32Array.from({ length: 2_000_000 }, (_, at) => Math.sin(at));
  const steps = BigInt64Array.from({ length: 3_000 }, (_, at) => BigInt(at) - 7n);
  const mask = new Uint8Array(70_001).fill(3);
  await memory.cache(() => ({ layers: [{ weights }, { mask }], steps }), { id: 'model' })();
  await memory.flush();

  const { tensors } = safetensors.parse(await storedFile(memory.name));
  expect(tensors['result.layers[0].weights']).toMatchObject({ dtype: 'F32', shape: [2_000_000] });
  expect(indexedDB.cmp(tensors['result.layers[0].weights']!.data as Float32Array<ArrayBuffer>, weights)).toBe(
    0,
  );
  expect(tensors['result.layers[1].mask']!.data).toEqual(mask);
  expect(tensors['result.steps']!.data).toEqual(steps);
});
