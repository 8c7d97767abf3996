/**
 * Packs the 200,000 flights of the npm package `vega-datasets` into the file that the demo page fetches: per flight the
 * minute of the day when it left and its delay in minutes, as 16-bit integers in the byte order of all browsers.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const flightCount = 200_000;

interface Flight {
  /** Minutes after the time that was planned; negative where it came early. */
  readonly delay: number;
  /** Hours of the day. */
  readonly time: number;
}

const isFlight = (value: unknown): value is Flight =>
  typeof value === 'object' &&
  value !== null &&
  'delay' in value &&
  'time' in value &&
  typeof value.delay === 'number' &&
  typeof value.time === 'number';

/** Returns [200000, 2] minute of the day from 0 to 1439, and delay. */
export function packFlights(): Uint8Array<ArrayBuffer> {
  // The package exports its loader only, from a folder beside the data.
  const folder = dirname(createRequire(import.meta.url).resolve('vega-datasets'));
  const parsed: unknown = JSON.parse(readFileSync(join(folder, '../data/flights-200k.json'), 'utf8'));
  if (!Array.isArray(parsed) || parsed.length !== flightCount || !parsed.every(isFlight))
    throw new Error(`The vega-datasets package does not hold ${flightCount} flights`);
  const packed = new DataView(new ArrayBuffer(flightCount * 4));
  for (const [at, { time, delay }] of parsed.entries()) {
    packed.setInt16(at * 4, Math.round(time * 60) % 1_440, true);
    packed.setInt16(at * 4 + 2, delay, true);
  }
  return new Uint8Array(packed.buffer);
}
