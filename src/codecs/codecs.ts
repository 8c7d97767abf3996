/** Codecs for the values of common libraries: of each of them, only what is imported is in the page. */
export { type ArrowFunctions, arquero, arrow } from './arrow.ts';
export { hierarchies, interned } from './d3.ts';
export { dayjs, luxon, moment, type TemporalClasses, temporal } from './dates.ts';
export { graphology } from './graph.ts';
export { complexArrays, dataAndShape, mathjs, mlMatrix, ndarray, stdlibNdarray } from './ndarray.ts';
export { big, bigNumber, bn, complex, decimal, fraction, long } from './numbers.ts';
export { onnx, type Tensorflow, tensorflow, transformers } from './tensor.ts';
export { three } from './three.ts';
export {
  audioBuffer,
  cryptoKey,
  formData,
  geometry,
  headers,
  imageBitmap,
  quad,
  response,
  web,
} from './web.ts';
