/** What jobs are made of. */
import type { Fixture, Job, Target } from './job.ts';
import { peerNames, type SubjectName } from './subjects.ts';

export const KIB = 2 ** 10;
export const MIB = 2 ** 20;
export const GIB = 2 ** 30;

export const fixture = (count: number, byteLength: number, store = 'bench'): Fixture => ({
  store,
  count,
  byteLength,
});

export const everyone: readonly SubjectName[] = ['keepsake', ...peerNames];
export const bestPeer = (atMost: number): Target => ({ than: 'best peer', atMost });
export const than = (subject: SubjectName, atMost: number): Target => ({ than: subject, atMost });
export const smooth: Target = { than: 'limit', of: 'longestTaskMs', atMost: 50 };

type Draft = Pick<Job, 'name' | 'title' | 'work'> & Partial<Job>;

export const job = (draft: Draft): Job => ({
  fixtures: 'of' in draft.work ? [draft.work.of] : [],
  subjects: everyone,
  realm: 'page',
  targets: [],
  samplesPerVisit: 1,
  isBrowserAnew: false,
  cost: 'quick',
  ...draft,
});
