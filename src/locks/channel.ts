/** Messages to the other realms that have the same memory open. */

export type ChannelMessage =
  | { readonly kind: 'clear' }
  /** Databases and files are about to be deleted. */
  | { readonly kind: 'clear-origin' }
  | { readonly kind: 'clear-function'; readonly functionId: string }
  | { readonly kind: 'delete'; readonly keys: readonly string[] }
  /** Entries have a new revision: copies of the old one are not to be served. */
  | { readonly kind: 'revise'; readonly keys: readonly string[] }
  /** Gone for want of room: what a realm keeps of them it need not keep. */
  | { readonly kind: 'evict'; readonly keys: readonly string[] }
  | { readonly kind: 'release'; readonly files: readonly string[] }
  | { readonly kind: 'flush-touches' }
  /** What became of entries in the realm that says it. */
  | {
      readonly kind: 'news';
      readonly topic: NewsTopic;
      readonly entries: readonly EntryName[];
      /** There were more of them than are told. */
      readonly isMore: boolean;
    };

export type NewsTopic = 'stored' | 'used' | 'computing' | 'settled';

export interface EntryName {
  readonly key: string;
  readonly functionId?: string;
}

export interface RealmChannel {
  post(message: ChannelMessage): void;
  close(): void;
}

/** The channel, unless there is none here or it is refused. */
function createChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

/** Opens the memory's channel; where there is none, this realm is alone. */
export function openChannel(memory: string, receive: (message: ChannelMessage) => void): RealmChannel {
  const channel = createChannel(`keepsake/${memory}`);
  if (!channel) return { post: () => undefined, close: () => undefined };
  channel.onmessage = ({ data }: MessageEvent<ChannelMessage>) => receive(data);
  // In Node an open channel would keep a server-rendering process alive.
  (channel as { unref?: () => void }).unref?.();
  let isOpen = true;
  return {
    // What ends after the memory has nobody to tell.
    post: (message) => isOpen && channel.postMessage(message),
    close: () => {
      isOpen = false;
      channel.close();
    },
  };
}
