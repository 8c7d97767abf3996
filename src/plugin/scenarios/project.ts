import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixture = fileURLToPath(new URL('../fixtures/project', import.meta.url));

/** A copy of the fixture project that a test may edit, with its packages installed. */
export class Project {
  readonly root: string;

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-')));
    cpSync(fixture, this.root, { recursive: true });
    mkdirSync(join(this.root, 'node_modules'));
    cpSync(join(this.root, 'packages'), join(this.root, 'node_modules'), { recursive: true });
    symlinkSync(join(this.root, 'linked/ws-lib'), join(this.root, 'node_modules/ws-lib'), 'dir');
  }

  path(file: string): string {
    return join(this.root, file);
  }

  read(file: string): string | undefined {
    try {
      return readFileSync(this.path(file), 'latin1');
    } catch {
      return undefined;
    }
  }

  /** Writes a file, or removes it where the content is undefined. */
  write(file: string, content: string | undefined): void {
    if (content === undefined) {
      rmSync(this.path(file), { force: true });
      return;
    }
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), content, 'latin1');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
