/** What the views of one panel share. */
import type { Memory } from 'keepsake';
import type { CallHistory } from './call-history.ts';
import type { EntryList } from './entry-list.ts';
import type { Findings } from './findings.ts';
import type { StorageState } from './storage-state.ts';

export type ViewName = 'entries' | 'calls' | 'functions' | 'origin';

export interface Question {
  readonly title: string;
  /** What goes: how many entries, how many bytes. */
  readonly text: string;
  /** On the button that does it. */
  readonly verb: string;
}

export interface Panel {
  readonly memory: Memory;
  readonly entries: EntryList;
  readonly history: CallHistory;
  readonly storage: StorageState;
  /** What the build plugin wrote, where the page has given it. */
  readonly findings: Findings;
  /** Aborted when the panel shows another memory, or is gone. */
  readonly signal: AbortSignal;
  /** Has the panel drawn anew, soon. */
  changed(): void;
  /** For the live region, and to be seen. */
  say(text: string): void;
  ask(question: Question): Promise<boolean>;
  show(view: ViewName): void;
  showEntry(key: string): void;
  showFunction(functionId: string): void;
}

export interface View {
  render(): unknown;
  /** After it was drawn. */
  drawn?(root: ShadowRoot): void;
  /** It is shown from now on, or anew. */
  shown?(): void;
  /** Lets go of what it holds. */
  close?(): void;
}

/** Does what a press asks for, and says what went wrong. */
export async function attempt(panel: Panel, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    panel.say(`It failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
