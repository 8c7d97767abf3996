import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Checksum, createChecksum } from '../digest/digest.ts';
import { alignRecord, headerBytesFor, readHeader, writeHeader } from './segment-record.ts';
import { scanSegment } from './worker/segment-scan.ts';

let checksum: Checksum;

beforeAll(async () => {
  checksum = await createChecksum();
});

/** A segment of records with these labels and payloads. */
function segmentOf(records: readonly { readonly label: string; readonly payload: Uint8Array }[]): Uint8Array {
  const parts = records.map(({ label, payload }) => {
    const header = new Uint8Array(headerBytesFor(label, 1));
    const blocks = [{ position: 0, byteLength: payload.byteLength, check: checksum(payload) }];
    writeHeader(header, { label, payloadBytes: payload.byteLength, blocks }, checksum);
    const whole = new Uint8Array(alignRecord(header.byteLength + payload.byteLength));
    whole.set(header);
    whole.set(payload, header.byteLength);
    return whole;
  });
  const segment = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    segment.set(part, at);
    at += part.byteLength;
  }
  return segment;
}

const reading = (segment: Uint8Array) => (into: Uint8Array, position: number) => {
  const bytes = segment.subarray(position, position + into.byteLength);
  expect(bytes.byteLength).toBe(into.byteLength); // never asked beyond the end
  into.set(bytes);
  return undefined;
};

const record = fc.record({ label: fc.string({ maxLength: 40 }), payload: fc.uint8Array({ maxLength: 300 }) });
const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 6 });

test('scanSegment() finds the records of a segment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 6 }), async (records) => {
      const segment = segmentOf(records);
      const scan = await scanSegment(reading(segment), segment.byteLength, checksum);
      expect(scan.isSound).toBe(true);
      expect(scan.records.map(({ label, payloadBytes }) => [label, payloadBytes])).toEqual(
        records.map(({ label, payload }) => [label, payload.byteLength]),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('scanSegment() of a damaged segment ends, throws nothing, and believes no record that was not written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 5 }),
      flips,
      fc.nat(),
      async (records, changes, cut) => {
        const segment = segmentOf(records);
        for (const [place, mask] of changes) segment[place % segment.byteLength]! ^= mask;
        const damaged = segment.subarray(
          0,
          segment.byteLength - (cut % 3 === 0 ? cut % segment.byteLength : 0),
        );
        const scan = await scanSegment(reading(damaged), damaged.byteLength, checksum);
        const written = records.map(({ label, payload }) => `${label} ${payload.byteLength}`);
        for (const { label, payloadBytes } of scan.records)
          expect(written).toContain(`${label} ${payloadBytes}`);
      },
    ),
    { numRuns: 10_000 },
  );
});

test('readHeader() of a header forged with a right check is bounded by its length', () => {
  fc.assert(
    fc.property(record, flips, ({ label, payload }, changes) => {
      const header = segmentOf([{ label, payload }]).slice(0, headerBytesFor(label, 1));
      for (const [place, mask] of changes) header[16 + (place % (header.byteLength - 16))]! ^= mask;
      const view = new DataView(header.buffer);
      view.setBigUint64(24, 0n, true);
      view.setBigUint64(24, checksum(header), true);
      const found = readHeader(header, checksum);
      if (found) expect(found.blocks.length * 24).toBeLessThanOrEqual(header.byteLength);
    }),
    { numRuns: 10_000 },
  );
});
