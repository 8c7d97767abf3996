import type { DiagnosticCode } from '../report/diagnostic-code.ts';

const clocksAndDice = new Set([
  'Math.random',
  'Date.now',
  'performance.now',
  'performance.timeOrigin',
  'crypto.randomUUID',
  'crypto.getRandomValues',
]);

const ambient = new Set(
  `caches cookieStore document fetch history indexedDB innerHeight innerWidth devicePixelRatio localStorage location
  navigator screen sessionStorage window EventSource WebSocket XMLHttpRequest Notification matchMedia`.split(
    /\s+/,
  ),
);

const modeNames = new Set(['DEV', 'PROD', 'MODE', 'SSR', 'BASE_URL']);

/** Among the globals that code reads: the object of them all, so that it may be any. */
export const anyGlobal = '*';

/** Whether a name is that of the object of all globals. */
export const isGlobalObject = (name: string): boolean => /^(?:globalThis|window|self|global)$/.test(name);

/** The name of a global without the object that holds all globals: `window.x` is `x`. */
export function withoutGlobalObject(chain: string): string {
  return chain.replace(/^(?:(?:globalThis|window|self|global)\.)+/, '');
}

/** What reading a global says about the function that reads it. */
export function noteOfGlobal(chain: string): { code: DiagnosticCode; message: string } | undefined {
  const name = withoutGlobalObject(chain);
  if (name === 'eval') return { code: 'FP004', message: 'runs code from text with eval()' };
  if (/^(?:require\.context|import\.meta\.(?:webpackContext|globEager))$/.test(name)) {
    return { code: 'FP003', message: `imports files by a pattern with ${name}()` };
  }
  if (clocksAndDice.has(name))
    return { code: 'FP005', message: `reads ${name}, which differs from call to call` };
  const [head = '', , env, key = ''] = name.split('.');
  if (name === 'process.env.NODE_ENV') {
    return { code: 'FP006', message: `reads ${name}, which differs between development and build` };
  }
  if (env === 'env' && head === 'import' && modeNames.has(key)) {
    return { code: 'FP006', message: `reads ${name}, which differs between development and build` };
  }
  if (ambient.has(head)) return { code: 'FP008', message: `reads ${head}, an input that is not in the key` };
  return undefined;
}
