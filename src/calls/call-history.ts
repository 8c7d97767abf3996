/** What became of one function's calls, as far as it decides whether anything is to be said of it. */

export type Digests = Readonly<Record<string, string>>;

export interface CallHistory {
  readonly memory: string;
  readonly id: string;
  /** A hit shows that the function can be answered. */
  wasAnswered: boolean;
  /** Digests by path of the last calls, where none was answered yet. */
  readonly misses: Digests[];
}
