/** How a sound is cut into frames, each of which becomes a column of the spectrogram. */
export const frame = {
  /** Samples from one frame to the next. */
  hop: 256,
  /** Samples that a frame looks at. */
  window: 2_048,
  /** Frequencies of a frame, from 0 to half the sample rate. */
  bins: 1_024,
} as const;
