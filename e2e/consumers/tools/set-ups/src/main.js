/** The page alone. */
import { report } from './cached.js';

window.consumer = report().then((page) => ({ page }));
