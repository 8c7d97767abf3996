import { Memory } from 'keepsake';

export const memory = new Memory({ name: 'module-state', verify: 'off' });
