import { installMemoryStorage } from 'keepsake/testing';

installMemoryStorage();
