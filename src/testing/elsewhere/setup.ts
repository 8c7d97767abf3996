/** Starts the server with faults for the tests in browsers, which find its address by `inject('faultyServer')`. */
import type { TestProject } from 'vitest/node';
import { FaultyServer } from './faulty-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    faultyServer: string;
  }
}

const server = new FaultyServer();

export async function setup(project: TestProject): Promise<void> {
  project.provide('faultyServer', await server.listen());
}

export const teardown = (): Promise<void> => server.close();
