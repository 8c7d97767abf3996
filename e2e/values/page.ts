/** Tries every sample once, as argument and as result, with its codecs and without; the runner reads what came of it. */
import { type CacheEvent, type Codec, errors, Memory } from 'keepsake';
import type { Outcome, Row } from './rows.ts';
import { arrays } from './samples/arrays.ts';
import { data, platform } from './samples/data.ts';
import { dates } from './samples/dates.ts';
import { numbers } from './samples/numbers.ts';
import type { Sample } from './samples/sample.ts';
import { scenes3d } from './samples/scenes.ts';

const samples: readonly Sample[] = [...numbers, ...dates, ...arrays, ...scenes3d, ...data, ...platform];
const said: string[] = [];
for (const level of ['info', 'warn', 'error'] as const) {
  const log = console[level].bind(console);
  console[level] = (...parts: unknown[]) => {
    said.push(parts.map(String).join(' '));
    log(...parts);
  };
}

/** As text, with what JSON would lose. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, each) => {
    if (typeof each === 'bigint') return `${each}n`;
    if (typeof each === 'number' && (!Number.isFinite(each) || Object.is(each, -0)))
      return Object.is(each, -0) ? '-0' : String(each);
    return each === undefined ? 'undefined' : each;
  });

/** The calls of one function, and what was heard of them. */
class Watch {
  readonly events: CacheEvent[] = [];
  readonly #from = said.length;
  constructor(memory: Memory, id: string) {
    for (const kind of ['hit', 'skip', 'damaged', 'miss'] as const) {
      memory.addEventListener(kind, ({ detail }) => {
        if ('functionId' in detail && detail.functionId === id) this.events.push(detail);
      });
    }
  }
  count(kind: CacheEvent['kind']): number {
    return this.events.filter((event) => event.kind === kind).length;
  }
  /** What a reader of the console, or a listener, was told. */
  get notes(): string[] {
    const errors = this.events.flatMap((event) =>
      'error' in event && event.error ? [String(event.error)] : [],
    );
    return [...errors, ...said.slice(this.#from).filter((line) => !line.includes('edits of helpers'))];
  }
  outcome(isFirstHit: boolean): Outcome {
    const [note = ''] = this.notes;
    if (this.count('hit') > 0) return { verdict: 'hit', isFirstHit, note };
    return { verdict: note === '' ? 'SILENT' : 'told', isFirstHit, note };
  }
}

const wrong = (note: string): Outcome => ({ verdict: 'WRONG', isFirstHit: false, note });

async function asArgument(
  memory: Memory,
  sample: Sample,
  id: string,
  codecs: readonly Codec[],
): Promise<Outcome> {
  const watch = new Watch(memory, id);
  const f = memory.cache(async (value: unknown) => text(await sample.tell(value)), {
    id,
    captures: () => ({}),
    codecs,
  });
  let isFirstHit = false;
  for (const make of [sample.make, sample.other, sample.make, sample.other, sample.make]) {
    const expected = text(await sample.tell(await make()));
    try {
      const found = await f(await make());
      if (found !== expected) return wrong(`${found} for ${expected}`);
    } catch (error) {
      if (error instanceof errors.UnhashableArgumentError)
        return { verdict: 'refused', isFirstHit: false, note: error.message };
      return wrong(`threw ${error}`);
    }
    isFirstHit ||= watch.events[0]?.kind === 'hit';
  }
  const hits = watch.count('hit');
  if (sample.equal && codecs.length > 0) {
    await f(await sample.equal());
    if (watch.count('hit') === hits) return wrong('an equal value, made another way, is another call');
  }
  return watch.outcome(isFirstHit);
}

const classOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : typeof value;

async function asResult(
  memory: Memory,
  sample: Sample,
  id: string,
  codecs: readonly Codec[],
): Promise<Outcome> {
  const watch = new Watch(memory, id);
  const f = memory.cache((which: 'make' | 'other') => sample[which](), { id, captures: () => ({}), codecs });
  let isFirstHit = false;
  for (const which of ['make', 'other', 'make', 'other'] as const) {
    try {
      const fresh = await sample[which]();
      const sameClass = classOf(fresh);
      const expected = text(await sample.tell(fresh));
      const found = await f(which);
      const isClass = classOf(found) === sameClass || sample.isForeign === true;
      const told = text(await sample.tell(found));
      if (told !== expected || !isClass)
        return wrong(`${told}${isClass ? '' : ' of another class'} for ${expected}`);
    } catch (error) {
      return wrong(`threw ${error}`);
    }
    isFirstHit ||= watch.events[0]?.kind === 'hit';
  }
  return watch.outcome(isFirstHit);
}

async function tryAll(name: string): Promise<Row[]> {
  const memory = new Memory({ name });
  const rows: Row[] = [];
  for (const sample of samples) {
    const own = sample.codecs?.();
    for (const codecs of own ? [[], own] : [[]]) {
      const id = `${sample.package} ${sample.what} ${codecs.length > 0 ? 'codecs' : 'plain'}`;
      const argument = await asArgument(memory, sample, `${id} argument`, codecs).catch((error) =>
        wrong(`threw ${error}`),
      );
      const result = await asResult(memory, sample, `${id} result`, codecs).catch((error) =>
        wrong(`threw ${error}`),
      );
      const { line = '', entry = '' } = sample;
      rows.push({
        package: sample.package,
        what: sample.what,
        line,
        entry,
        withCodecs: codecs.length > 0,
        argument,
        result,
      });
    }
  }
  await memory.flush();
  return rows;
}

Object.assign(globalThis, { tryAll });
document.title = 'ready';
