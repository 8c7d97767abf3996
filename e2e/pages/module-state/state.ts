/** State that others change while the page runs. */
export let factor = 1;
export const setFactor = (next: number): void => {
  factor = next;
};

class Settings {
  factor = 1;
  update(next: number): void {
    this.factor = next;
  }
}
export const settings = new Settings();

const create = <T extends object>(first: T) => {
  let state = first;
  return {
    getState: () => state,
    setState: (part: Partial<T>): void => {
      state = { ...state, ...part };
    },
  };
};
export const store = create({ factor: 1 });
