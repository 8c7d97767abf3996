/** The page that the bench drives: `window.keepsakeBench`. */
import type { FillSpec, Observation, Outcome, SampleLimits, VisitSpec } from '../protocol.ts';
import { isInWorkerOnly, type SubjectName } from '../subjects.ts';
import { CacheApi } from './cache-api.ts';
import { DexieStore } from './dexie.ts';
import { IdbKeyval } from './idb-keyval.ts';
import { Keepsake } from './keepsake.ts';
import { LocalForageStore } from './local-forage.ts';
import { observeLongestTask } from './long-tasks.ts';
import { Memoized } from './memoized.ts';
import { OpfsFile } from './opfs-file.ts';
import { RawFileSlice } from './raw-file-slice.ts';
import { RawIndexedDb } from './raw-indexeddb.ts';
import { Sqlite } from './sqlite.ts';
import { type SubjectMakers, Visit, type Visiting } from './visit.ts';
import { VisitInWorker } from './visit-in-worker.ts';

const makers: SubjectMakers = {
  keepsake: () => new Keepsake(),
  'idb-keyval': () => new Memoized(new IdbKeyval()),
  localforage: () => new Memoized(new LocalForageStore()),
  dexie: () => new Memoized(new DexieStore()),
  'cache-api': () => new Memoized(new CacheApi()),
  'opfs-file': () => new Memoized(new OpfsFile()),
  'sqlite-sahpool': () => new Memoized(new Sqlite()),
  'raw-indexeddb': () => new RawIndexedDb(),
  'raw-file-slice': () => new RawFileSlice(),
};

let visiting: Visiting | undefined;

function visitOf({ subject, realm }: { subject: SubjectName; realm: 'page' | 'worker' }): Visiting {
  visiting = realm === 'worker' || isInWorkerOnly(subject) ? new VisitInWorker() : new Visit(makers);
  return visiting;
}

function opened(): Visiting {
  if (!visiting) throw new TypeError('A visit opens before it is measured');
  return visiting;
}

window.keepsakeBench = {
  fill: (spec: FillSpec) => visitOf(spec).fill(spec),
  open: (spec: VisitSpec) => visitOf(spec).open(spec),
  measure: (limits: SampleLimits) => opened().measure(limits),
  async observe(): Promise<Outcome<Observation>> {
    const end = await observeLongestTask();
    const observed = await opened().observe();
    const longest = await end();
    if (observed.kind === 'skipped') return observed;
    return { kind: 'done', value: { ...observed.value, ...longest } };
  },
};
