/** Asks before anything is deleted; what is gone would have to be computed again. */
import { getElement } from './elements.ts';

interface Question {
  readonly title: string;
  /** What goes: how many entries, how many bytes. */
  readonly text: string;
  /** On the button that does it. */
  readonly verb: string;
}

/** Resolves with the answer; Escape is a no. The focus goes back to where it was. */
export function confirmRemoval({ title, text, verb }: Question): Promise<boolean> {
  const dialog = getElement('[data-confirm]', HTMLDialogElement);
  getElement('[data-confirm-title]', HTMLElement, dialog).textContent = title;
  getElement('[data-confirm-text]', HTMLElement, dialog).textContent = text;
  getElement('button[value="yes"]', HTMLButtonElement, dialog).textContent = verb;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
