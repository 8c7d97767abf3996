/** Figures from samples: medians, ratios, targets, and the table that is printed. Knows no browser. */
import type { Job, Target } from './job.ts';
import { isPeer, type SubjectName } from './subjects.ts';

/** What a job brought for one subject. */
export interface SubjectResult {
  readonly samplesMs: readonly number[];
  readonly longestTaskMs?: number;
  readonly longestTaskBy?: string;
  readonly peakMemoryBytes?: number | undefined;
  readonly hitSources?: readonly string[];
  readonly skipped?: string;
  readonly failed?: string;
}

export interface JobResult {
  readonly job: Pick<Job, 'name' | 'title' | 'targets'> & {
    readonly raw?: SubjectName;
    readonly quoted?: string;
  };
  readonly subjects: Readonly<Partial<Record<SubjectName, SubjectResult>>>;
}

export interface SubjectFigures {
  readonly medianMs: number | undefined;
  readonly sampleCount: number;
  readonly longestTaskMs: number | undefined;
  readonly longestTaskBy: string | undefined;
  readonly peakMemoryBytes: number | undefined;
  readonly hitSources: readonly string[] | undefined;
  /** Why there is no figure. */
  readonly note: string | undefined;
}

export interface TargetFigures {
  readonly text: string;
  readonly actual: number | undefined;
  readonly isMet: boolean | undefined;
}

export interface JobFigures {
  readonly name: string;
  readonly title: string;
  readonly subjects: Readonly<Partial<Record<SubjectName, SubjectFigures>>>;
  readonly bestPeer: SubjectName | undefined;
  readonly toBestPeer: number | undefined;
  readonly raw: SubjectName | undefined;
  readonly toRaw: number | undefined;
  readonly targets: readonly TargetFigures[];
  readonly quoted: string | undefined;
}

/** The middle value, or the mean of the two in the middle; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

const ratio = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || !whole ? undefined : part / whole;

const figuresOf = (result: SubjectResult): SubjectFigures => ({
  medianMs: result.failed === undefined ? median(result.samplesMs) : undefined,
  sampleCount: result.samplesMs.length,
  longestTaskMs: result.longestTaskMs,
  longestTaskBy: result.longestTaskBy,
  peakMemoryBytes: result.peakMemoryBytes,
  hitSources: result.hitSources,
  note: result.failed === undefined ? result.skipped : `failed: ${result.failed}`,
});

type Medians = (job: string, subject: SubjectName) => number | undefined;

function fastestPeer({ subjects }: JobResult, medianOf: (subject: SubjectName) => number | undefined) {
  // Object.keys() loses the type of the keys.
  const peers = (Object.keys(subjects) as SubjectName[]).filter(isPeer);
  const known = peers.filter((peer) => medianOf(peer) !== undefined);
  return known.toSorted((a, b) => (medianOf(a) ?? 0) - (medianOf(b) ?? 0))[0];
}

const units = { medianMs: 'ms', longestTaskMs: 'ms longest task', memoryBytes: 'bytes of memory' } as const;

function actualOf(result: JobResult, target: Target, medians: Medians, best: SubjectName | undefined) {
  const { name } = result.job;
  const ours = result.subjects.keepsake;
  const own = medians(name, 'keepsake');
  if (target.than === 'limit') {
    if (ours?.skipped !== undefined || ours?.failed !== undefined) return undefined;
    return { medianMs: own, longestTaskMs: ours?.longestTaskMs, memoryBytes: ours?.peakMemoryBytes }[
      target.of
    ];
  }
  if (target.than === 'job') return ratio(own, medians(target.job, 'keepsake'));
  const other = target.than === 'best peer' ? best : target.than;
  return ratio(own, other && medians(name, other));
}

function textOf(target: Target): string {
  if (target.than === 'limit') return `≤ ${target.atMost} ${units[target.of]}`;
  return `≤ ${target.atMost} × ${target.than === 'job' ? target.job : target.than}`;
}

/** Medians, ratios and verdicts of every job. */
export function figuresOfJobs(results: readonly JobResult[]): JobFigures[] {
  const medians: Medians = (job, subject) => {
    const found = results.find((each) => each.job.name === job)?.subjects[subject];
    return found && figuresOf(found).medianMs;
  };
  return results.map((result) => {
    const { name, title, raw, quoted, targets } = result.job;
    const own = medians(name, 'keepsake');
    const bestPeer = fastestPeer(result, (peer) => medians(name, peer));
    const entries = Object.entries(result.subjects).map(([subject, each]) => [subject, figuresOf(each)]);
    return {
      name,
      title,
      subjects: Object.fromEntries(entries),
      bestPeer,
      toBestPeer: ratio(own, bestPeer && medians(name, bestPeer)),
      raw,
      toRaw: ratio(own, raw && medians(name, raw)),
      targets: targets.map((target) => {
        const actual = actualOf(result, target, medians, bestPeer);
        const isMet = actual === undefined ? undefined : actual <= target.atMost;
        return { text: textOf(target), actual, isMet };
      }),
      quoted,
    };
  });
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2);

const inMs = (ms: number | undefined): string => {
  if (ms === undefined) return '–';
  return ms < 0.1 ? `${digits(ms * 1000)} µs` : `${digits(ms)} ms`;
};

const inMebibytes = (bytes: number | undefined): string =>
  bytes === undefined ? '–' : `${digits(bytes / 2 ** 20)} MiB`;

const inTimes = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(2)} ×`);

/** No task seen by the Long Tasks API means that none reached its threshold. */
function longestTask(figures: SubjectFigures | undefined): string {
  if (figures?.longestTaskMs === undefined) return '–';
  if (figures.longestTaskMs === 0 && figures.longestTaskBy === 'long tasks') return '< 50 ms';
  return inMs(figures.longestTaskMs);
}

const verdict = ({ text, actual, isMet }: TargetFigures): string => {
  if (isMet === undefined) return `${text}: not measured`;
  const value = text.endsWith('memory') ? inMebibytes(actual) : digits(actual ?? 0);
  return `${text}: ${actual === 0 ? 'none' : value} ${isMet ? 'met' : 'MISSED'}`;
};

function rowOf(figures: JobFigures): string[] {
  const { keepsake } = figures.subjects;
  const best = figures.bestPeer && figures.subjects[figures.bestPeer];
  const raw = figures.raw && figures.subjects[figures.raw];
  const notes = [keepsake?.note, ...figures.targets.map(verdict), figures.quoted];
  return [
    figures.name,
    inMs(keepsake?.medianMs),
    best ? `${inMs(best.medianMs)} ${figures.bestPeer}` : '–',
    inTimes(figures.toBestPeer),
    raw ? `${inMs(raw.medianMs)} ${figures.raw}` : '–',
    inTimes(figures.toRaw),
    longestTask(keepsake),
    inMebibytes(keepsake?.peakMemoryBytes),
    notes.filter((note) => note !== undefined).join('; '),
  ];
}

const heading = ['job', 'keepsake', 'best peer', 'ratio', 'raw', 'ratio', 'task', 'memory', 'targets'];

/** The table as text, a line per job. */
export function tableOf(figures: readonly JobFigures[]): string {
  const rows = [heading, ...figures.map(rowOf)];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
