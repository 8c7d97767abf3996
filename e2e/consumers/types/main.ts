/** What a user's program has of the types. */
import { type CacheEvent, errors, type MappedArray, Memory, type ShelvedResult } from 'keepsake';
import { keepsake } from 'keepsake/esbuild';

const memory = new Memory({ name: 'lab', maxBytes: '512M' });
const mapped = new Memory({ mmapMode: 'r' });

const halves = (count: number, { from = 0 }: { from?: number } = {}): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => from + index / 2);

const cached = memory.cache(halves, { id: 'halves', version: 1, tags: (count) => [`count ${count}`] });
const lazy = mapped.cache(halves, { id: 'halves' });

export async function use(): Promise<number> {
  const values: Float64Array = await cached(10, { from: 1 });
  const array: MappedArray<Float64Array> = await lazy(10);
  const plane: Float64Array = await array.read(0, 5);
  const shelved: ShelvedResult<Float64Array> = await cached.callAndShelve(3);
  const { value, info } = await cached.compute(4);
  for await (const { key, sizeBytes } of cached.entries()) console.log(key, sizeBytes);
  // @ts-expect-error A text is no typed array.
  await cached.with({ into: 'text' })(10);
  // @ts-expect-error The argument is a number.
  await cached('10');
  memory.addEventListener('hit', ({ detail }) => console.log(detail.reason, detail.ms));
  const { length } = await shelved.get();
  return values.length + plane.length + value.length + length + info.sizeBytes;
}

export const isOurs = (error: unknown): boolean => error instanceof errors.MemoryClosedError;
export const kinds = ({ kind }: CacheEvent): string => kind;
export const plugins = [keepsake({ strict: true })];
