import Big from 'big.js';
import BigOld from 'big.js-old';
import BigNumber from 'bignumber.js';
import BigNumberOld from 'bignumber.js-old';
import BN from 'bn.js';
import Complex from 'complex.js';
import Decimal from 'decimal.js';
import DecimalOld from 'decimal.js-old';
import Fraction from 'fraction.js';
import FractionOld from 'fraction.js-old';
import JSBI from 'jsbi';
import { big, bigNumber, bn, complex, decimal, fraction, long } from 'keepsake/codecs';
import Long from 'long';
import type { Sample } from './sample.ts';

const entry = 'numbers';

const decimals = (name: string, Made): Sample => ({
  package: name,
  what: 'Decimal',
  make: () => [
    new Made('0.1').plus('0.2'),
    new Made('-0'),
    new (Made.clone({ precision: 50 }))(2).sqrt(),
    new Made('NaN'),
  ],
  other: () => [
    new Made('0.1').plus('0.3'),
    new Made('-0'),
    new (Made.clone({ precision: 49 }))(2).sqrt(),
    new Made('NaN'),
  ],
  tell: (values) =>
    values.map((each) => [each.valueOf(), each.div(3).toString(), each.constructor.precision]),
  codecs: () => [decimal(Made)],
  line: 'decimal(Decimal)',
  entry,
});

const bigNumbers = (name: string, Made): Sample => ({
  package: name,
  what: 'BigNumber',
  make: () => [new Made('0.1').plus('0.2'), new Made('-0'), new (Made.clone({ DECIMAL_PLACES: 50 }))(1)],
  other: () => [new Made('0.1').plus('0.2'), new Made('-0'), new (Made.clone({ DECIMAL_PLACES: 40 }))(1)],
  tell: (values) => values.map((each) => [each.valueOf(), each.div(3).toString(), Made.isBigNumber(each)]),
  codecs: () => [bigNumber(Made)],
  line: 'bigNumber(BigNumber)',
  entry,
});

const bigs = (name: string, Made): Sample => ({
  package: name,
  what: 'Big',
  make: () => [new Made('0.1').plus('0.2'), new Made('-0')],
  other: () => [new Made('0.1').plus('0.2'), new Made('0')],
  tell: (values) => values.map((each) => [each.valueOf(), each.plus(1).toFixed(3)]),
  codecs: () => [big(Made)],
  line: 'big(Big)',
  entry,
});

const fractions = (name: string, Made): Sample => ({
  package: name,
  what: 'Fraction',
  make: () => new Made(-1, 3),
  other: () => new Made(1, 3),
  tell: (value) => [value.toFraction(), value.add(1).toFraction(), value instanceof Made],
  codecs: () => [fraction(Made)],
  line: 'fraction(Fraction)',
  entry,
});

export const numbers: readonly Sample[] = [
  decimals('decimal.js', Decimal),
  decimals('decimal.js-old', DecimalOld),
  bigNumbers('bignumber.js', BigNumber),
  bigNumbers('bignumber.js-old', BigNumberOld),
  bigs('big.js', Big),
  bigs('big.js-old', BigOld),
  fractions('fraction.js', Fraction),
  fractions('fraction.js-old', FractionOld),
  {
    package: 'complex.js',
    what: 'Complex',
    make: () => new Complex(1, -2),
    other: () => new Complex(1, 2),
    tell: (value) => [value.mul(2).toString(), value instanceof Complex],
    codecs: () => [complex(Complex)],
    line: 'complex(Complex)',
    entry,
  },
  {
    package: 'bn.js',
    what: 'BN',
    make: () => new BN('-123456789abcdef123456789', 16),
    other: () => new BN('123456789abcdef123456789', 16),
    tell: (value) => [value.toString(), value.muln(2).toString(16), BN.isBN(value)],
    codecs: () => [bn(BN)],
    line: 'bn(BN)',
    entry,
  },
  {
    package: 'long',
    what: 'Long',
    make: () => Long.fromString('-9007199254740993'),
    other: () => Long.fromString('9007199254740993'),
    tell: (value) => [value.toString(), value.mul(2).toString(), Long.isLong(value)],
    codecs: () => [long(Long)],
    line: 'long(Long)',
    entry,
  },
  {
    package: 'jsbi',
    what: 'JSBI',
    make: () => JSBI.BigInt('123456789012345678901234567890'),
    other: () => JSBI.BigInt('-123456789012345678901234567890'),
    tell: (value) => JSBI.add(value, JSBI.BigInt(1)).toString(),
  },
];
