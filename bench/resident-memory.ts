/**
 * Peak memory of the browser's page processes: resident bytes as Linux counts them, above what was resident before.
 * The kernel keeps the high-water mark itself, so nothing is missed between two looks. Elsewhere nothing is measured.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

export interface MemoryWatch {
  /** Growth of the process that grew most; undefined where it cannot be measured. */
  peakGrowthBytes(): number | undefined;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended, or there is no /proc
  }
};

const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);

const kibibytesOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN);

/** Chromium names its page processes renderers, Firefox says that their content is a tab. */
const isPageProcess = (pid: number): boolean => {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  return command.includes('--type=renderer') || / tab\s*$/.test(command);
};

function descendants(): number[] {
  let pids: number[];
  try {
    pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const isOurs = (pid: number): boolean => {
    for (let at = parents.get(pid); at; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  return pids.filter(isOurs);
}

/** Starts to watch the page processes of the browsers that this process started. */
export function watchMemory(): MemoryWatch {
  const before = new Map<number, number>();
  for (const pid of descendants().filter(isPageProcess)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5'); // sets the high-water mark back to what is resident now
      before.set(pid, kibibytesOf(pid, 'VmRSS'));
    } catch {} // not ours to reset: then it is not measured
  }
  return {
    peakGrowthBytes() {
      const growths = [...before]
        .map(([pid, resident]) => kibibytesOf(pid, 'VmHWM') - resident)
        .filter(Number.isFinite);
      return growths.length > 0 ? Math.max(...growths) * 1024 : undefined;
    },
  };
}
