import { describe, expect, test } from 'vitest';
import { jobs } from './jobs.ts';
import { figuresOfJobs, type JobResult, median, type SubjectResult, tableOf } from './report.ts';
import { isPeer, type SubjectName } from './subjects.ts';

const took = (...samplesMs: number[]): SubjectResult => ({ samplesMs });

function result(
  subjects: Partial<Record<SubjectName, SubjectResult>>,
  job: Partial<JobResult['job']> = {},
): JobResult {
  return { job: { name: 'hit', title: 'a hit', targets: [], ...job }, subjects };
}

const figuresOf = (...results: JobResult[]) => {
  const [figures] = figuresOfJobs(results);
  if (!figures) throw new Error('There are figures of each job');
  return figures;
};

describe('median()', () => {
  test('is the middle of an odd number of values, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  test('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  test('of nothing is undefined', () => {
    expect(median([])).toBeUndefined();
  });
});

describe('figuresOfJobs()', () => {
  test('compares with the fastest peer and not with raw reads', () => {
    const figures = figuresOf(
      result(
        { keepsake: took(2), dexie: took(8), 'idb-keyval': took(4), 'raw-indexeddb': took(1) },
        { raw: 'raw-indexeddb' },
      ),
    );
    expect(figures.bestPeer).toBe('idb-keyval');
    expect(figures.toBestPeer).toBe(0.5);
    expect(figures.toRaw).toBe(2);
  });

  test('leaves out peers that skipped or failed', () => {
    const figures = figuresOf(
      result({
        keepsake: took(2),
        dexie: { samplesMs: [1], failed: 'quota' },
        'idb-keyval': { samplesMs: [], skipped: 'has none' },
      }),
    );
    expect(figures.bestPeer).toBeUndefined();
    expect(figures.toBestPeer).toBeUndefined();
    expect(figures.subjects.dexie?.note).toBe('failed: quota');
  });

  test('holds ratios and limits against their targets', () => {
    const figures = figuresOf(
      result(
        { keepsake: { samplesMs: [2], longestTaskMs: 70 }, dexie: took(4) },
        {
          targets: [
            { than: 'best peer', atMost: 0.5 },
            { than: 'limit', of: 'longestTaskMs', atMost: 50 },
            { than: 'raw-indexeddb', atMost: 1 },
          ],
        },
      ),
    );
    expect(figures.targets.map(({ isMet }) => isMet)).toEqual([true, false, undefined]);
  });

  test('compares keepsake with itself on another job', () => {
    const [, among] = figuresOfJobs([
      result({ keepsake: took(2) }, { name: 'few' }),
      result({ keepsake: took(3) }, { name: 'many', targets: [{ than: 'job', job: 'few', atMost: 1.3 }] }),
    ]);
    expect(among?.targets).toEqual([{ text: '≤ 1.3 × few', actual: 1.5, isMet: false }]);
  });
});

describe('tableOf()', () => {
  test('has a line per job under its heading, with the verdicts', () => {
    const table = tableOf(
      figuresOfJobs([
        result(
          { keepsake: { ...took(0.0055), longestTaskMs: 0, longestTaskBy: 'long tasks' }, dexie: took(0.3) },
          { targets: [{ than: 'best peer', atMost: 0.01 }] },
        ),
      ]),
    );
    const [heading, row] = table.split('\n');
    expect(heading).toMatch(/^job +keepsake +best peer/);
    expect(row).toMatch(
      /^hit +5\.5 µs +0\.30 ms dexie +0\.02 × .*< 50 ms.*≤ 0\.01 × best peer: 0\.018 MISSED$/,
    );
  });
});

describe('jobs', () => {
  test('have names of their own, and targets that some job or subject can be held against', () => {
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
    for (const { subjects, targets, raw } of jobs) {
      if (raw) expect(subjects).toContain(raw);
      for (const target of targets) {
        if (target.than === 'job') expect(jobs.map(({ name }) => name)).toContain(target.job);
        else if (target.than === 'best peer') expect(subjects.some(isPeer)).toBe(true);
        else if (target.than !== 'limit') expect(subjects).toContain(target.than);
      }
    }
  });
});
