/** High half of the 64-bit product of two unsigned 32-bit numbers; Math.imul gives the low half. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const lowHigh = aLow * bHigh;
  const highLow = aHigh * bLow;
  const middle = ((aLow * bLow) >>> 16) + (lowHigh & 0xffff) + (highLow & 0xffff);
  return aHigh * bHigh + (lowHigh >>> 16) + (highLow >>> 16) + (middle >>> 16);
}
