export const pixelsPerDigit = 28 * 28;

export interface Digits {
  readonly count: number;
  /** [count, 784] grey levels, 255 is full ink. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** [count] the digit that each image shows. */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Fetches the packed digits that lie beside the page. */
export async function fetchDigits(): Promise<Digits> {
  const response = await fetch(new URL('digits.bin', document.baseURI));
  if (!response.ok)
    throw new Error(`The digits could not be fetched: ${response.status} ${response.statusText}`);
  const buffer = await response.arrayBuffer();
  const count = buffer.byteLength / (pixelsPerDigit + 1);
  if (!Number.isInteger(count)) throw new Error(`The digits are cut off at ${buffer.byteLength} bytes`);
  return {
    count,
    pixels: new Uint8Array(buffer, 0, count * pixelsPerDigit),
    labels: new Uint8Array(buffer, count * pixelsPerDigit),
  };
}
