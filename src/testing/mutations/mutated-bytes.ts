/** Seeded damage to runs of bytes. */

/** A whole number from 0 to below the limit. */
export type Pick = (limit: number) => number;

export type Bytes = Uint8Array<ArrayBuffer>;

export const from = <T>(pick: Pick, all: readonly T[]): T | undefined => all[pick(all.length)];

/** Lengths and places that bring down whoever believes them. */
export const hostileNumbers = [
  -1,
  -0,
  0.5,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 53 - 1,
  2 ** 53,
  1e308,
  Number.NaN,
  Infinity,
  -Infinity,
];

/** Damage to a run of bytes, in place or at another length. */
export function otherBytes(bytes: Bytes, pick: Pick): { bytes: Bytes; how: string } {
  const at = pick(Math.max(1, bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kinds: readonly (() => { bytes: Bytes; how: string })[] = [
    () => {
      for (let left = 1 + pick(3); left > 0; left -= 1) bytes[pick(bytes.length)]! ^= 1 << pick(8);
      return { bytes, how: 'bits flipped' };
    },
    // The beginning has headers and lengths.
    () => {
      bytes[pick(Math.min(64, bytes.length))]! ^= 1 << pick(8);
      return { bytes, how: 'a bit of its beginning flipped' };
    },
    () => ({ bytes: bytes.slice(0, at), how: `cut to ${at}` }),
    () => ({ bytes: new Uint8Array(), how: 'emptied' }),
    () => ({ bytes: bytes.fill(0, at), how: `zeros from ${at}` }),
    () => ({ bytes: bytes.fill(0, Math.max(0, bytes.length - 1 - pick(64))), how: 'a short tail of zeros' }),
    () => ({ bytes: bytes.fill(0xff, at, at + 1 + pick(16)), how: `ones at ${at}` }),
    () => {
      const longer = new Uint8Array(bytes.length + 1 + pick(200));
      longer.set(bytes);
      return { bytes: longer, how: `lengthened to ${longer.length}` };
    },
    () => {
      if (bytes.length >= 8)
        view.setFloat64(at & ~7 & -8 & (bytes.length - 8), from(pick, hostileNumbers) ?? 0, true);
      return { bytes, how: 'a number written over it' };
    },
    () => {
      const run = Math.min(1 + pick(4096), bytes.length - at);
      bytes.copyWithin(pick(bytes.length), at, at + run);
      return { bytes, how: `a run from ${at} written elsewhere` };
    },
  ];
  return from(pick, kinds)?.() ?? { bytes, how: 'nothing' };
}
