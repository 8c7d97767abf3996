/** Codecs for tensors of TensorFlow.js, ONNX Runtime and Transformers.js. Read from the GPU where they are there. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, hasMethods, refuse } from './structure.ts';

type TensorData = ArrayBufferView | readonly string[];

interface PlainTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** With a mode: the data under its shape. */
function mapped({ data, shape }: PlainTensor): unknown {
  return has(data, 'reshape') ? Reflect.apply(data.reshape as () => unknown, data, shape) : data; // a MappedArray
}

interface TfTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly trainable?: boolean;
  data(): Promise<TensorData>;
}

/** What is used of @tensorflow/tfjs-core. */
export interface Tensorflow {
  // biome-ignore lint/suspicious/noExplicitAny: tensors of the library, which this package does not depend on
  tensor(data: any, shape: any, dtype: any): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  complex(real: any, imaginary: any): any;
}

const plainOf = async (tensor: TfTensor): Promise<PlainTensor> => ({
  type: tensor.dtype,
  shape: [...tensor.shape],
  data: await tensor.data(),
});

function complexOf(tf: Tensorflow, data: Float32Array, shape: readonly number[]): unknown {
  const part = (odd: number): unknown =>
    tf.tensor(
      data.filter((_, at) => at % 2 === odd),
      [...shape],
      'float32',
    );
  return tf.complex(part(0), part(1));
}

/** TensorFlow.js: `tensorflow(tf)`. A variable is refused as a result, since its name belongs to the page. */
export const tensorflow = (tf: Tensorflow): Codec<TfTensor, PlainTensor> => ({
  name: 'tensorflow',
  is: (value) => has(value, 'dataId', 'shape', 'dtype', 'rankType') && hasMethods(value, 'data', 'dataSync'),
  encode: (tensor) =>
    tensor.trainable === undefined ? plainOf(tensor) : refuse('a variable; return its read()'),
  hash: plainOf,
  decode: ({ type, shape, data }) =>
    type === 'complex64' ? complexOf(tf, data as Float32Array, shape) : tf.tensor(data, [...shape], type), // as written
  mapped,
});

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  getData(): Promise<TensorData>;
}

const plainOfOrt = async (tensor: OrtTensor): Promise<PlainTensor> => ({
  type: tensor.type,
  shape: [...tensor.dims],
  data: await tensor.getData(),
});

/** onnxruntime-web and onnxruntime-common: `onnx(ort)`. */
export const onnx = ({ Tensor }: { readonly Tensor: AnyClass }): Codec<OrtTensor, PlainTensor> => ({
  name: 'onnxruntime',
  is: (value) => has(value, 'dims', 'type', 'dataLocation') && hasMethods(value, 'getData'),
  encode: plainOfOrt,
  decode: ({ type, data, shape }) => new Tensor(type, data, [...shape]),
  mapped,
});

/** Transformers.js: `transformers(Tensor)`. */
export const transformers = (Tensor: AnyClass): Codec<{ readonly ort_tensor: OrtTensor }, PlainTensor> => ({
  name: 'transformers',
  is: (value) => has(value, 'ort_tensor', 'dims', 'type'),
  encode: ({ ort_tensor }) => plainOfOrt(ort_tensor),
  decode: ({ type, data, shape }) => new Tensor(type, data, [...shape]),
  mapped,
});
