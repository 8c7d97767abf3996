import { test } from 'vitest';
import { tryAll } from './steps.js';

test('keeps results in the memory of the process', tryAll);
