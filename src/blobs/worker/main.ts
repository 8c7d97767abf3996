/** The storage worker. */
import { originFiles } from './file-access.ts';
import { openOperations } from './operations.ts';
import { serve } from './serve.ts';
import { SpareBuffer } from './spare-buffer.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => openOperations(originFiles, new SpareBuffer()));
