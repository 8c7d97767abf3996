#!/usr/bin/env node
// Playwright sends `emulation.setMediaFeaturesOverride` with every new context; stock Firefox ESR does not know it.
// This program stands in for Firefox: it starts the real one, passes its BiDi socket through, and answers that command.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

const answered = 'emulation.setMediaFeaturesOverride';
const firefox = spawn(process.env.KEEPSAKE_FIREFOX ?? 'firefox', process.argv.slice(2), {
  stdio: ['ignore', 'pipe', 'pipe'],
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => firefox.kill(signal));
firefox.on('exit', (code) => process.exit(code ?? 1));
process.on('exit', () => firefox.kill('SIGKILL'));

function passThrough(target) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 0 });
  server.on('listening', () => {
    process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}\n`);
  });
  server.on('connection', (client, request) => {
    const browser = new WebSocket(target + request.url, { maxPayload: 0, perMessageDeflate: false });
    const waiting = [];
    client.on('message', (data) => {
      const text = data.toString();
      const message = JSON.parse(text);
      if (message.method === answered) {
        client.send(JSON.stringify({ type: 'success', id: message.id, result: {} }));
      } else if (browser.readyState === WebSocket.OPEN) browser.send(text);
      else waiting.push(text);
    });
    browser.on('open', () => {
      for (const text of waiting) browser.send(text);
    });
    browser.on('message', (data) => client.send(data.toString()));
    browser.on('close', () => client.close());
    browser.on('error', () => client.close());
    client.on('close', () => browser.close());
  });
}

for (const stream of [firefox.stdout, firefox.stderr]) {
  createInterface({ input: stream }).on('line', (line) => {
    const match = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line);
    if (match) passThrough(match[1]);
    else process.stderr.write(`${line}\n`);
  });
}
