'use client';
import { Memory } from 'keepsake';
import { useEffect } from 'react';

// What is imported here is rendered on the server, too.
export const name = new Memory({ name: 'server' }).name;

export default function Page() {
  useEffect(() => void import('../src/main.js'), []);
  return <main>keepsake</main>;
}
