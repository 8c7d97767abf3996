/** Finds a browser among the processes of this machine. */
import { execFileSync } from 'node:child_process';

/** The browser's main process on this profile: the one that no other of its processes is the parent of. */
export function mainProcess(profile: string): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const own = lines.filter(
    (line) => line.includes(profile) && !/--type=|-contentproc|firefox-shim|\bps -eo/.test(line),
  );
  const [first] = own.map((line) => Number.parseInt(line, 10));
  if (first === undefined) throw new Error(`No browser runs on ${profile}`);
  return first;
}
