/** Codecs for numbers of decimal.js, bignumber.js, big.js, fraction.js, complex.js, bn.js and long. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, hasMethods, pick, saysSame } from './structure.ts';

/** A number as text, and the settings of its class where they are not those of the class that reads it. */
interface Written {
  readonly text: string;
  readonly settings: Record<string, unknown>;
}

/** A class of numbers with settings, and ways to make another one. */
// biome-ignore lint/suspicious/noExplicitAny: the settings of three libraries, each with a type of its own
type NumberClass = AnyClass & { clone?(settings?: any): any; config?(settings?: any): any };

/** A codec for a class whose settings decide how its numbers are calculated with. */
function withSettings(
  name: string,
  is: (value: unknown) => boolean,
  {
    given,
    settingsOf,
    classWith,
  }: {
    readonly given: NumberClass;
    readonly settingsOf: (maker: NumberClass) => Record<string, unknown>;
    readonly classWith: (settings: Record<string, unknown>) => NumberClass;
  },
): Codec<{ readonly constructor: unknown }, Written> {
  return {
    name,
    is,
    // valueOf() of all three writes every digit, and the sign of zero.
    encode: (value) => ({
      text: String(value.valueOf()),
      settings: settingsOf(value.constructor as NumberClass), // every number names its class
    }),
    decode({ text, settings }) {
      const Maker = saysSame(settings, settingsOf(given)) ? given : classWith(settings);
      return new Maker(text);
    },
  };
}

const decimalSettings = ['precision', 'rounding', 'toExpNeg', 'toExpPos', 'maxE', 'minE', 'modulo', 'crypto'];

/** decimal.js and decimal.js-light: `decimal(Decimal)`. A Decimal keeps the settings of its class. */
export const decimal = (Decimal: NumberClass): Codec =>
  withSettings(
    'decimal.js',
    (value) => has(value, 's', 'e', 'd') && hasMethods(value, 'toSignificantDigits'),
    {
      given: Decimal,
      settingsOf: (maker) => pick(maker, decimalSettings),
      classWith: (settings) => Decimal.clone?.(settings),
    },
  );

/** bignumber.js: `bigNumber(BigNumber)`. */
export const bigNumber = (BigNumber: NumberClass): Codec =>
  withSettings('bignumber.js', (value) => has(value, 's', 'e', 'c', '_isBigNumber', 'shiftedBy'), {
    given: BigNumber,
    settingsOf: (maker) => ({ ...maker.config?.() }),
    classWith: (settings) => BigNumber.clone?.(settings),
  });

const bigSettings = ['DP', 'RM', 'NE', 'PE', 'strict'];

/** big.js: `big(Big)`. */
export const big = (Big: NumberClass): Codec =>
  withSettings('big.js', (value) => has(value, 's', 'e', 'c', 'toPrecision') && !('_isBigNumber' in value), {
    given: Big,
    settingsOf: (maker) => pick(maker, bigSettings),
    classWith: (settings) => Object.assign(Reflect.apply(Big, undefined, []), settings),
  });

/** fraction.js: `fraction(Fraction)`. */
export const fraction = (Fraction: AnyClass): Codec<{ s: unknown; n: unknown; d: unknown }, string> => ({
  name: 'fraction.js',
  is: (value) => has(value, 's', 'n', 'd') && hasMethods(value, 'toFraction', 'toContinued'),
  encode: ({ s, n, d }) => `${Number(s) < 0 ? '-' : ''}${n}/${d}`,
  decode: (text) => new Fraction(text),
});

/** complex.js: `complex(Complex)`. */
export const complex = (
  Complex: AnyClass,
): Codec<{ re: number; im: number }, { re: number; im: number }> => ({
  name: 'complex.js',
  is: (value) => has(value, 're', 'im') && hasMethods(value, 'conjugate', 'abs', 'arg'),
  encode: ({ re, im }) => ({ re, im }),
  decode: ({ re, im }) => new Complex(re, im),
});

interface Integer {
  toString(radix: number): string;
  readonly red?: unknown;
}

/** bn.js: `bn(BN)`. Numbers of a reduction context are refused. */
export const bn = (BN: AnyClass): Codec<Integer, string> => ({
  name: 'bn.js',
  is: (value) => has(value, 'negative', 'words', 'length', 'red') && hasMethods(value, 'toTwos'),
  encode(value) {
    if (value.red) throw new TypeError('a number of a reduction context; convert it with fromRed()');
    return value.toString(16);
  },
  decode: (digits) => new BN(digits, 16),
});

interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

/** long: `long(Long)`. */
export const long = (Long: AnyClass): Codec<Long, Long> => ({
  name: 'long',
  is: (value) => has(value, 'low', 'high', 'unsigned', '__isLong__'),
  encode: ({ low, high, unsigned }) => ({ low, high, unsigned }),
  decode: ({ low, high, unsigned }) => new Long(low, high, unsigned),
});
