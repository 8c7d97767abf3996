export const pixelsPerDigit = 28 * 28;

export interface Digits {
  readonly count: number;
  /** [count, 784] grey levels, 255 is full ink. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** [count] the digit that each image shows. */
  readonly labels: Uint8Array<ArrayBuffer>;
}

async function fetchBytes(what: string): Promise<ArrayBuffer> {
  const response = await fetch(new URL(`${what}.bin`, document.baseURI));
  if (!response.ok)
    throw new Error(`The ${what} could not be fetched: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

let digits: Promise<Digits> | undefined;

/** The packed digits that lie beside the page, fetched once. */
export function fetchDigits(): Promise<Digits> {
  digits ??= readDigits().catch((problem) => {
    digits = undefined;
    throw problem;
  });
  return digits;
}

async function readDigits(): Promise<Digits> {
  const buffer = await fetchBytes('digits');
  const count = buffer.byteLength / (pixelsPerDigit + 1);
  if (!Number.isInteger(count)) throw new Error(`The digits are cut off at ${buffer.byteLength} bytes`);
  return {
    count,
    pixels: new Uint8Array(buffer, 0, count * pixelsPerDigit),
    labels: new Uint8Array(buffer, count * pixelsPerDigit),
  };
}

/** Fetches [200000, 2] flights, as they are packed beside the page: minute of the day, and delay in minutes. */
export async function fetchFlights(): Promise<Int16Array<ArrayBuffer>> {
  return new Int16Array(await fetchBytes('flights'));
}
