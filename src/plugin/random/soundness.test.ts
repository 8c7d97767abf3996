import { describe, expect, test } from 'vitest';
import { mutate } from './mutate.ts';
import { generateProgram } from './program.ts';
import { RandomSource } from './random-source.ts';
import { RunnableProgram } from './run-program.ts';

/** Mutations in all; `KEEPSAKE_MUTATIONS=5000` for more. */
const total = Number(process.env.KEEPSAKE_MUTATIONS ?? 1000);
const programs = 8;
const seed = Number(process.env.KEEPSAKE_SEED ?? 1);

describe('a result that changed', () => {
  test.each(Array.from({ length: programs }, (_, index) => seed * 1000 + index))(
    'has a new fingerprint (program %i)',
    { timeout: 600_000 },
    async (programSeed) => {
      const random = new RandomSource(programSeed);
      const program = new RunnableProgram(generateProgram(random, 24));
      const source = generateProgram(new RandomSource(programSeed), 24);
      try {
        const before = { results: await program.run(), fingerprints: await program.fingerprints() };
        expect(before.results?.size).toBe(12);
        const stale: string[] = [];
        const counts = { mutations: 0, resultsChanged: 0, fingerprintsChanged: 0 };
        while (counts.mutations < total / programs) {
          const mutation = mutate(random, source);
          if (!mutation || mutation.source === source.get(mutation.file)) continue;
          program.apply(mutation);
          const results = await program.run();
          const fingerprints = await program.fingerprints().catch(() => undefined);
          program.undo(mutation);
          if (!results || !fingerprints) continue;
          counts.mutations++;
          for (const [name, value] of before.results ?? []) {
            const isChanged = results.get(name) !== value;
            const isNoticed = fingerprints.get(name) !== before.fingerprints.get(name);
            if (isChanged) counts.resultsChanged++;
            if (isNoticed) counts.fingerprintsChanged++;
            if (isChanged && !isNoticed) stale.push(`${name} after ${mutation.what}`);
          }
        }
        if (process.env.KEEPSAKE_REPORT) console.log(JSON.stringify(counts));
        expect(stale).toEqual([]);
        expect(counts.resultsChanged).toBeGreaterThan(0);
      } finally {
        program.remove();
      }
    },
  );
});
