/** `keepsake/inspector`: a panel on what a page's memories hold. Importing it defines `<keepsake-inspector>`. */
import type { Memory } from 'keepsake';
import { defineInspector, type InspectorButton } from './button.ts';

export { inspect } from './inspect.ts';

/** `<keepsake-inspector>`. It fills a block of the size that the page's styles give it. */
export interface KeepsakeInspectorElement extends HTMLElement {
  /** The memory to begin with; without one, the first of the origin. Every other one can be chosen in the panel. */
  memory: Memory | undefined;
  /** Also an attribute. */
  view: 'entries' | 'calls' | 'functions' | 'origin';
  /** The build plugin's manifests, parsed, for its findings in the view of functions; asked when that is opened. Set it first. */
  manifests: (() => readonly unknown[] | Promise<readonly unknown[]>) | undefined;
}

export interface MountOptions {
  /** Where it is mounted; the page's body where nothing is said. */
  readonly parent?: Element;
  /** As the element has them. */
  readonly manifests?: () => readonly unknown[] | Promise<readonly unknown[]>;
}

/**
 * Puts a button in a corner of the page that opens the inspector. Calls are remembered from now on.
 * @returns what takes it away again
 */
export function mountInspector(
  memory?: Memory,
  { parent = document.body, manifests }: MountOptions = {},
): () => void {
  defineInspector();
  const button = document.createElement('keepsake-inspector-button') as InspectorButton; // defined above
  const end = new AbortController();
  button.memory = memory;
  button.manifests = manifests;
  if (memory) button.history.follow(memory, end.signal, () => undefined);
  parent.append(button);
  return () => {
    end.abort();
    button.remove();
  };
}

defineInspector();

declare global {
  interface HTMLElementTagNameMap {
    'keepsake-inspector': KeepsakeInspectorElement;
  }
}
