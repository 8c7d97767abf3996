import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChannelMessage } from '../locks/locks.ts';
import { News } from './news.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function newsOf() {
  const posted: ChannelMessage[] = [];
  const news = new News(() => ({ post: (message) => void posted.push(message), close: () => undefined }));
  return { news, posted };
}

test('News tells a thousand names at once, and that there were more', () => {
  const { news, posted } = newsOf();
  for (let at = 0; at < 1_500; at += 1) news.add('stored', { functionId: 'f', key: `${at}` });
  news.add('used', { key: '0' });
  expect(posted).toEqual([]);
  vi.runAllTimers();
  const sizes = posted.map((message) => message.kind === 'news' && [message.entries.length, message.isMore]);
  expect(sizes).toEqual([
    [1_000, true],
    [1, false],
  ]);
});

test('News says nothing of a computation that began and ended meanwhile', () => {
  const { news, posted } = newsOf();
  const [quick, slow] = [
    { functionId: 'f', key: 'quick' },
    { functionId: 'f', key: 'slow' },
  ];
  for (const name of [quick, slow]) news.add('computing', name);
  news.settled(quick);
  vi.runAllTimers();
  news.settled(slow);
  news.tell();
  const told = posted.map((message) => message.kind === 'news' && [message.topic, ...message.entries]);
  expect(told).toEqual([
    ['computing', slow],
    ['settled', slow],
  ]);
});
