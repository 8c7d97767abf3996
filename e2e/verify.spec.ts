import { expect, test } from './support/profile.ts';

test('in development one hit of each function is verified when the page is idle, and the console says what is wrong', async ({
  profile,
}) => {
  const complaints: string[] = [];
  const openPage = async () => {
    const page = await profile.openLab();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    return page;
  };
  const first = await openPage();
  await first.evaluate(async () => {
    const memory = new window.lab.Memory({ name: 'dev' });
    const captures = () => ({});
    await memory.cache((x: number) => ({ x, at: performance.now() }), { id: 'clock', captures })(1);
    await memory.cache((x: number) => ({ x }), { id: 'honest', captures })(1);
    await memory.close();
  });
  await first.close();
  const second = await openPage();
  const found = await second.evaluate(async () => {
    const memory = new window.lab.Memory({ name: 'dev' });
    const captures = () => ({});
    let runs = 0;
    const clock = memory.cache((x: number) => ({ x, at: performance.now() }), { id: 'clock', captures });
    const honest = memory.cache((x: number) => ({ x }), { id: 'honest', captures });
    const seen: unknown[] = [];
    memory.addEventListener('compute', () => {
      runs += 1;
    });
    memory.addEventListener('stale', ({ detail }) => void seen.push(detail));
    const stale = new Promise((resolve) => memory.addEventListener('stale', resolve));
    for (let calls = 0; calls < 3; calls += 1) await Promise.all([clock(1), honest(1)]);
    await stale;
    return { runs, seen };
  });
  expect(found).toMatchObject({
    runs: 0,
    seen: [{ functionId: 'clock', reason: 'not-deterministic', path: 'result.at', argumentsPreview: '(1)' }],
  });
  expect(complaints.filter((text) => text.includes('clock(1)'))).toHaveLength(1);
  expect(complaints.filter((text) => text.includes('honest'))).toEqual([]);
});
