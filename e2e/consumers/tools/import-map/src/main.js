/** Workers have no import map: the page alone. */
import { report } from './cached.js';

window.consumer = report().then((page) => ({ page }));
