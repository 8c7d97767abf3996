import { useMemoryStorage } from 'keepsake/testing';

useMemoryStorage();
