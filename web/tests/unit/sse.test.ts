// SPDX-License-Identifier: GPL-3.0-or-later

import { describe, expect, test } from 'vitest';

import { EventReader, type ServerEvent } from '../../src/api/sse.ts';

function readAll(pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const reader = new EventReader((event) => events.push(event));
  for (const piece of pieces) reader.feed(piece);
  return events;
}

describe('server-sent events', () => {
  test('an event is told at its empty line, with the newest id', () => {
    expect(readAll(['id: 7\nevent: job_event\ndata: {"a":1}\n', '\n'])).toEqual([
      { event: 'job_event', data: '{"a":1}', id: '7' },
    ]);
  });

  test('the same stream reads the same wherever it is cut, with any line ends', () => {
    const text =
      ': hello\r\n\r\nid: 1\r\nevent: a\r\ndata: one\r\ndata: two\r\n\r\ndata: x\rid\r\rdata:  y\n\n';
    const whole = readAll([text]);
    expect(whole).toEqual([
      { event: 'a', data: 'one\ntwo', id: '1' },
      { event: 'message', data: 'x', id: '' },
      { event: 'message', data: ' y', id: '' },
    ]);
    for (let cut = 1; cut < text.length; ++cut) {
      expect(readAll([text.slice(0, cut), text.slice(cut)])).toEqual(whole);
    }
    expect(readAll([...text])).toEqual(whole);
  });

  test('an event of nothing but its id says where one stands', () => {
    const reader = new EventReader(() => undefined);
    reader.feed('id: 41\n');
    expect(reader.id).toBe('');
    reader.feed('\n');
    expect(reader.id).toBe('41');
  });

  test('comments and events without data are not told; end and resync are', () => {
    expect(readAll([': beat\n\nevent: job_event\n\nevent: end\n\n'])).toEqual([
      { event: 'end', data: '', id: '' },
    ]);
  });

  test('an id with a zero in it does not count, a retry of digits does', () => {
    const reader = new EventReader(() => undefined);
    reader.feed('retry: 12x\nretry: 250\n\n');
    expect(reader.retry_ms).toBe(250);
    expect(readAll(['id: 4\nid: a\0b\ndata: x\n\n'])[0]?.id).toBe('4');
  });

  test('a line without end is not kept for ever', () => {
    const reader = new EventReader(() => undefined, 100);
    expect(() => reader.feed('data: '.padEnd(200, 'x'))).toThrow(/too long/);
  });
});
