// SPDX-License-Identifier: GPL-3.0-or-later
// Where the tests play: before the fake router, or before a real one with three agents of
// examples/three_fabs when NEARFAB_WEB_URL names it. Then these are given as well:
//
//   NEARFAB_WEB_TOKEN           of a designer
//   NEARFAB_WEB_OPERATOR_TOKEN  of an operator of grenoble and lyon
//   NEARFAB_WEB_READER_TOKEN    of somebody who may only read
//   NEARFAB_WEB_GUEST_TOKEN     of a designer whose token NEARFAB_WEB_GUEST_LEAVES, a command, ends

import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { FakeRouter, tokens } from '../fake_router.ts';
import type { FakeOptions } from '../fake/network.ts';
import { openWindow, type Window } from './harness.ts';
import { Line } from './line.ts';

export const realUrl = process.env.NEARFAB_WEB_URL;
export const designs = resolve('../examples/designs');

type Who = 'designer' | 'operator' | 'admin' | 'reader' | 'guest';

const given: Record<Who, string | undefined> = {
  designer: process.env.NEARFAB_WEB_TOKEN,
  operator: process.env.NEARFAB_WEB_OPERATOR_TOKEN,
  admin: process.env.NEARFAB_WEB_TOKEN,
  reader: process.env.NEARFAB_WEB_READER_TOKEN ?? process.env.NEARFAB_WEB_TOKEN,
  guest: process.env.NEARFAB_WEB_GUEST_TOKEN,
};

export class Stage {
  private readonly windows: Window[] = [];

  private constructor(
    readonly line: Line,
    private readonly router: string,
    private readonly made: FakeRouter | null,
  ) {}

  static async open(options: FakeOptions = {}): Promise<Stage> {
    let made: FakeRouter | null = null;
    let router = realUrl?.replace(/\/$/, '');
    if (!router) {
      made = new FakeRouter(resolve('dist'), { stepMs: 80, ...options });
      router = await made.listen();
    }
    return new Stage(await Line.open(router), router, made);
  }

  get base(): string {
    return this.line.base;
  }

  // What only a made-up router can do; such tests are skipped before a real one.
  get fake(): FakeRouter {
    if (!this.made) throw new Error('this test needs the fake router');
    return this.made;
  }

  token(who: Who): string {
    if (!realUrl) return tokens[who];
    const found = given[who];
    if (!found) throw new Error(`NEARFAB_WEB_URL is given, and no token for the ${who}`);
    return found;
  }

  // The guest's token counts no more.
  guestLeaves(): void {
    if (this.made) this.made.expire(tokens.guest);
    else execFileSync('sh', ['-c', process.env.NEARFAB_WEB_GUEST_LEAVES ?? 'false']);
  }

  // What somebody else does meanwhile, over a line of their own.
  async act(fab: string, action: Record<string, unknown>): Promise<void> {
    await this.post(`fabs/${fab}/actions`, this.made ? 'admin' : 'operator', action);
  }

  // A real router gets so many jobs of one designer; the made one was opened with them.
  async fill(jobs: number): Promise<void> {
    if (this.made) return;
    const design = await this.upload(`${designs}/wall_hook/wall_hook.stl`);
    let next = 0;
    const some = async () => {
      while (next < jobs) await this.submit(design, `part ${next++}`);
    };
    await Promise.all(Array.from({ length: 32 }, some));
  }

  // The first job of the list is called this, or is a new one that is.
  async change(title: string): Promise<void> {
    if (this.made) {
      const [known] = this.made.network.jobs.values();
      if (!known) throw new Error('no job');
      this.made.network.change(known, { title });
    } else {
      await this.submit(await this.upload(`${designs}/wall_hook/wall_hook.stl`), title);
    }
  }

  // The jobs of the designer with this title.
  async jobsCalled(title: string): Promise<string[]> {
    const answer = await fetch(`${this.router}/api/v1/jobs?include_final=true`, {
      headers: { Authorization: `Bearer ${this.token('designer')}` },
    });
    const { jobs } = (await answer.json()) as { jobs: { job: string; title: string }[] };
    return jobs.filter((job) => job.title === title).map(({ job }) => job);
  }

  private async post(path: string, who: Who, body: unknown): Promise<unknown> {
    const answer = await fetch(`${this.router}/api/v1/${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${this.token(who)}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': crypto.randomUUID(),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async upload(file: string): Promise<{ design: string; design_bytes: number }> {
    const bytes = readFileSync(file);
    const design = bytesToHex(blake2b(bytes, { dkLen: 32 }));
    const known = { design, design_bytes: bytes.length };
    const told = await this.post('designs', 'designer', { design, size: bytes.length });
    if ((told as { complete: boolean }).complete) return known;
    const answer = await fetch(`${this.router}/api/v1/designs/${design}`, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${this.token('designer')}`,
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': '0',
      },
      body: bytes,
    });
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
    return known;
  }

  private async submit(
    design: { design: string; design_bytes: number },
    title: string,
  ): Promise<void> {
    await this.post('jobs', 'designer', {
      title,
      parts: [
        { ...design, file_name: 'wall_hook.stl', process: 'fdm', material: 'pla', quantity: 1 },
      ],
      at: { latitude_deg: 45.75, longitude_deg: 4.85 },
      licence: 'MIT',
    });
  }

  async window(
    who: Who | null,
    options: { path?: string; phone?: boolean; dark?: boolean } = {},
  ): Promise<Window> {
    const made = await openWindow(this.base, {
      ...options,
      ...(who ? { token: this.token(who) } : {}),
    });
    this.windows.push(made);
    return made;
  }

  async close(): Promise<void> {
    for (const one of this.windows) await one.close();
    await this.line.close();
    await this.made?.close();
  }
}

// Faults that a test did not cause itself: of the code, and of the router's policy.
export function ownFaults(window: Window): string[] {
  return window.faults.filter((text) => !/Failed to load resource|net::ERR/.test(text));
}
