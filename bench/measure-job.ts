/** One job: stores what it needs, starts the browser anew, measures the subjects in turn, round after round, and looks at each once. */
import type { DrivenBrowser } from './driven-browser.ts';
import type { Fixture, Job } from './job.ts';
import type { Pace } from './options.ts';
import type { Outcome, VisitSpec } from './protocol.ts';
import type { SubjectResult } from './report.ts';
import { watchMemory } from './resident-memory.ts';
import type { SubjectName } from './subjects.ts';

/** What a subject has brought so far. */
interface Collected {
  readonly samplesMs: number[];
  longestTaskMs?: number;
  longestTaskBy?: string;
  peakMemoryBytes?: number | undefined;
  hitSources?: readonly string[];
  skipped?: string;
  failed?: string;
}

const specOf = (job: Job, subject: SubjectName): VisitSpec => ({
  subject,
  realm: job.realm,
  work: job.work,
});

const isOut = ({ skipped, failed }: Collected): boolean => skipped !== undefined || failed !== undefined;

export class JobRunner {
  readonly #browser: DrivenBrowser;
  readonly #pace: Pace;
  readonly #filled = new Set<string>();

  constructor(browser: DrivenBrowser, pace: Pace) {
    this.#browser = browser;
    this.#pace = pace;
  }

  async run(job: Job): Promise<Partial<Record<SubjectName, SubjectResult>>> {
    const collected = new Map<SubjectName, Collected>(
      job.subjects.map((subject) => [subject, { samplesMs: [] }]),
    );
    for (const [subject, into] of collected) {
      await this.#attempt(into, async () => {
        for (const fixture of job.fixtures) await this.#fill(job, subject, fixture, into);
      });
    }
    // What ran before is not to matter.
    await this.#browser.restart();
    if (this.#pace.isOneVisit) await this.#observeAll(job, collected);
    await this.#rounds(job, collected);
    // The process has grown to its size by then.
    if (!this.#pace.isOneVisit) await this.#observeAll(job, collected);
    return Object.fromEntries(collected);
  }

  async #observeAll(job: Job, collected: ReadonlyMap<SubjectName, Collected>): Promise<void> {
    for (const [subject, into] of collected) {
      if (!isOut(into)) await this.#attempt(into, () => this.#observe(job, subject, into));
    }
  }

  async #rounds(job: Job, collected: ReadonlyMap<SubjectName, Collected>): Promise<void> {
    const { mostRounds, jobBudgetMs } = this.#pace;
    const leastRounds = job.cost === 'quick' ? this.#pace.leastRounds : this.#pace.leastSlowRounds;
    const end = performance.now() + jobBudgetMs;
    const subjects = [...collected.keys()];
    for (let round = 0; round < mostRounds; round += 1) {
      if (round >= leastRounds && performance.now() > end) break;
      // Each round starts with another one: nobody is always first.
      const turned = subjects.map((_, at) => subjects[(at + round) % subjects.length]);
      for (const subject of turned) {
        const into = subject && collected.get(subject);
        if (!into || isOut(into) || (this.#pace.isOneVisit && into.samplesMs.length > 0)) continue;
        await this.#attempt(into, () => this.#measure(job, subject, into));
      }
    }
  }

  async #fill(job: Job, subject: SubjectName, fixture: Fixture, into: Collected): Promise<void> {
    const name = JSON.stringify([subject, fixture]);
    if (this.#filled.has(name) || isOut(into)) return;
    await this.#browser.visit();
    take(into, await this.#browser.fill({ subject, fixture, realm: job.realm }));
    this.#filled.add(name);
  }

  /** One visit is watched; what it took counts only where little else does. */
  async #observe(job: Job, subject: SubjectName, into: Collected): Promise<void> {
    await this.#openPage(job);
    take(into, await this.#browser.open(specOf(job, subject)));
    if (isOut(into)) return;
    const memory = watchMemory();
    const observation = take(into, await this.#browser.observe());
    if (!observation) return;
    const { ms, ...watched } = observation;
    Object.assign(into, watched, { peakMemoryBytes: memory.peakGrowthBytes() });
    if (this.#pace.isOneVisit) await this.#sample(job, into);
    // Where repetitions are dear, the watched one counts.
    const counts = job.cost !== 'quick' || into.samplesMs.length === 0;
    if (counts && ms !== undefined) into.samplesMs.push(ms);
  }

  async #measure(job: Job, subject: SubjectName, into: Collected): Promise<void> {
    await this.#openPage(job);
    take(into, await this.#browser.open(specOf(job, subject)));
    if (!isOut(into)) await this.#sample(job, into);
  }

  async #openPage({ isBrowserAnew }: Job): Promise<void> {
    if (isBrowserAnew) await this.#browser.restart();
    await this.#browser.visit();
  }

  async #sample(job: Job, into: Collected): Promise<void> {
    const limits = { budgetMs: this.#pace.visitBudgetMs, count: job.samplesPerVisit };
    const samples = take(into, await this.#browser.measure(limits));
    into.samplesMs.push(...(samples ?? []));
  }

  /** What a subject cannot do ends its part in the job, not the bench. */
  async #attempt(into: Collected, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      into.failed = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      await this.#browser.abandonPage();
    }
  }
}

function take<T>(into: Collected, outcome: Outcome<T>): T | undefined {
  if (outcome.kind === 'done') return outcome.value;
  into.skipped = outcome.reason;
  return undefined;
}
