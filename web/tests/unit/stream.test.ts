// SPDX-License-Identifier: GPL-3.0-or-later
// The client, its streams and its uploads against the fake router, over a real socket.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Client } from '../../src/api/client.ts';
import { hashOf } from '../../src/api/design_hash.ts';
import { Problem } from '../../src/api/problem.ts';
import { openStream, pauseBefore, usual_times, type LinkState } from '../../src/api/stream.ts';
import type { PageMark } from '../../src/api/types.ts';
import { sendDesign } from '../../src/api/upload.ts';
import { FakeRouter, tokens } from '../fake_router.ts';

let fake: FakeRouter;
let base = '';
let refused = 0;

function clientOf(token: string): Client {
  return new Client({ base, token: () => token, refused: () => (refused += 1) });
}

beforeEach(async () => {
  fake = new FakeRouter('dist', { stepMs: 5 });
  base = await fake.listen();
  refused = 0;
});
afterEach(() => fake.close());

const quick = { pause_ms: 10, pause_max_ms: 40, silence_ms: 400 };

function until(what: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = Date.now() + 5000;
    const look = () => {
      if (what()) resolve();
      else if (Date.now() > end) reject(new Error('it did not happen'));
      else setTimeout(look, 5);
    };
    look();
  });
}

describe('the client', () => {
  test('reads fabs from GeoJSON, with their place', async () => {
    const { fabs } = await clientOf(tokens.designer).fabs();
    expect(fabs.map((fab) => fab.fab)).toEqual(['lyon', 'grenoble', 'saint_etienne']);
    expect(fabs[0]?.place).toEqual({ latitude_deg: 45.76, longitude_deg: 4.84 });
  });

  test('a refusal is a Problem with its words and what to do next', async () => {
    const thrown = await clientOf(tokens.designer)
      .job('nothing')
      .catch((one: unknown) => one);
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({ status: 404, next: 'look at the list of jobs' });
  });

  test('a token that is not taken is told once to whoever keeps it', async () => {
    const client = clientOf(`nf_${'x'.repeat(43)}`);
    await expect(client.me()).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(refused).toBe(1);
  });

  test('no answer is another Problem than a refusal', async () => {
    fake.goDown();
    await expect(clientOf(tokens.designer).me()).rejects.toMatchObject({
      kind: 'offline',
      status: 0,
    });
  });

  test('pages of jobs follow each other without loss or repetition', async () => {
    await fake.close();
    fake = new FakeRouter('dist', { jobs: 23, pageRows: 5 });
    base = await fake.listen();
    const client = clientOf(tokens.reader);
    const seen: string[] = [];
    let from: PageMark | null = null;
    for (let pages = 0; pages < 10; ++pages) {
      const page = await client.jobs(from, false);
      seen.push(...page.jobs.map((job) => job.job));
      from = page.next;
      if (!from) break;
    }
    expect(new Set(seen).size).toBe(23);
    expect(seen.length).toBe(23);
  });
});

describe('a stream', () => {
  test('comes back after a break where it left off, and misses nothing', async () => {
    const seen: string[] = [];
    const states: LinkState[] = [];
    const stream = openStream(
      clientOf(tokens.reader),
      '/api/v1/events',
      {
        event: (event) => seen.push(event.id),
        state: (state) => states.push(state),
      },
      quick,
    );
    await until(() => states.includes('live'));
    fake.network.setMachine('lyon', 'mini', 'working');
    await until(() => seen.length === 1);
    fake.goDown();
    await until(() => states.includes('offline'));
    fake.network.setMachine('lyon', 'mini', 'idle');
    fake.network.setMachine('lyon', 'mini', 'working');
    fake.comeBack();
    await until(() => seen.length === 3);
    expect(seen).toEqual(['1', '2', '3']);
    expect(states).toContain('live');
    stream.close();
  });

  test('of a job ends by itself when the job is over', async () => {
    const client = clientOf(tokens.designer);
    const id = fake.network.submit(
      {
        parts: [
          {
            design: '0'.repeat(64),
            design_bytes: 1,
            file_name: 'a.stl',
            process: 'fdm',
            material: 'pla',
            quantity: 1,
          },
        ],
        at: { latitude_deg: 45, longitude_deg: 5 },
        licence: 'MIT',
      },
      {
        machines_seen: 0,
        candidates: [],
        rejections: [],
        alternatives: [],
        footprint_basis: [],
        verdict: null,
      },
    );
    const told: string[] = [];
    const states: LinkState[] = [];
    const stream = openStream(
      client,
      `/api/v1/jobs/${id}/events`,
      { event: (event) => told.push(event.event), state: (state) => states.push(state) },
      quick,
    );
    await until(() => told.includes('job_status'));
    await client.cancel(id, 'not needed');
    await until(() => states.includes('ended'));
    expect(told[told.length - 1]).toBe('end');
    stream.close();
  });

  test('what is refused for good is not asked again', async () => {
    const states: LinkState[] = [];
    openStream(
      clientOf(`nf_${'x'.repeat(43)}`),
      '/api/v1/events',
      { event: () => undefined, state: (state) => states.push(state) },
      quick,
    );
    await until(() => states.includes('ended'));
    const asked = fake.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(fake.requests.length).toBe(asked);
  });

  test('silence is a break', async () => {
    const states: LinkState[] = [];
    const stream = openStream(
      clientOf(tokens.reader),
      '/api/v1/events',
      { event: () => undefined, state: (state) => states.push(state) },
      { ...quick, silence_ms: 60 },
    );
    await until(() => states.filter((state) => state === 'live').length >= 2);
    expect(states).toContain('offline');
    stream.close();
  });

  test('pauses double up to the largest and are spread', () => {
    expect(pauseBefore(0, usual_times, 0.5)).toBe(500);
    expect(pauseBefore(3, usual_times, 0.5)).toBe(4000);
    expect(pauseBefore(50, usual_times, 0.5)).toBe(15_000);
    expect(pauseBefore(50, usual_times, 0)).toBe(7500);
  });
});

describe('an upload', () => {
  const content = new Uint8Array(300_001).map((_, i) => (i * 7) % 251);
  const times = { pause_ms: 1, pause_max_ms: 4, tries: 4 };

  test('goes on after pieces that were cut off in the middle', async () => {
    const file = new Blob([content]);
    const design = await hashOf(file);
    fake.chunkFailures = 2;
    const steps: number[] = [];
    const done = await sendDesign(
      clientOf(tokens.designer),
      design,
      file,
      65_536,
      (at) => steps.push(at),
      new AbortController().signal,
      times,
    );
    expect(done).toMatchObject({ complete: true, received: content.length });
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });

  test('of what is there already sends nothing', async () => {
    const file = new Blob([content]);
    const design = await hashOf(file);
    const send = () =>
      sendDesign(
        clientOf(tokens.designer),
        design,
        file,
        65_536,
        () => undefined,
        new AbortController().signal,
        times,
      );
    await send();
    fake.requests.length = 0;
    await send();
    expect(fake.requests).toEqual(['POST /api/v1/designs']);
  });

  test('says so when nothing goes through any more', async () => {
    const file = new Blob([content]);
    fake.goDown();
    await expect(
      sendDesign(
        clientOf(tokens.designer),
        await hashOf(file),
        file,
        65_536,
        () => undefined,
        new AbortController().signal,
        times,
      ),
    ).rejects.toMatchObject({ kind: 'offline' });
  });

  test('another file than its name is refused by the router, once', async () => {
    const wrong = await hashOf(new Blob([content.slice(1)]));
    await expect(
      sendDesign(
        clientOf(tokens.designer),
        wrong,
        new Blob([content]),
        400_000,
        () => undefined,
        new AbortController().signal,
        times,
      ),
    ).rejects.toMatchObject({ status: 422 });
  });
});
