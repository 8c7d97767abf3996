/** The storage worker. */
import { openOperations } from './operations.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => openOperations());
