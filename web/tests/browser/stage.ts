// SPDX-License-Identifier: GPL-3.0-or-later
// Where the tests play: before the fake router, or before a real one with three agents of
// examples/three_fabs when NEARFAB_WEB_URL names it (and NEARFAB_WEB_TOKEN, of an admin or of a
// designer, NEARFAB_WEB_OPERATOR_TOKEN, of an operator of grenoble).

import { resolve } from 'node:path';

import { FakeRouter, tokens } from '../fake_router.ts';
import type { FakeOptions } from '../fake/network.ts';
import { openWindow, type Window } from './harness.ts';

export const realUrl = process.env.NEARFAB_WEB_URL;
export const designs = resolve('../examples/designs');

type Who = 'designer' | 'operator' | 'admin' | 'reader';

export class Stage {
  private readonly windows: Window[] = [];

  private constructor(
    readonly base: string,
    private readonly made: FakeRouter | null,
  ) {}

  static async open(options: FakeOptions = {}): Promise<Stage> {
    if (realUrl) return new Stage(realUrl.replace(/\/$/, ''), null);
    const fake = new FakeRouter(resolve('dist'), { stepMs: 80, ...options });
    return new Stage(await fake.listen(), fake);
  }

  // What only a made-up router can do; such tests are skipped before a real one.
  get fake(): FakeRouter {
    if (!this.made) throw new Error('this test needs the fake router');
    return this.made;
  }

  token(who: Who): string {
    if (!realUrl) return tokens[who];
    const operator = process.env.NEARFAB_WEB_OPERATOR_TOKEN;
    const found = (who === 'operator' && operator) || process.env.NEARFAB_WEB_TOKEN;
    if (!found) throw new Error('NEARFAB_WEB_URL is given, NEARFAB_WEB_TOKEN is not');
    return found;
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
    await this.made?.close();
  }
}

// Faults that a test did not cause itself: of the code, and of the router's policy.
export function ownFaults(window: Window): string[] {
  return window.faults.filter((text) => !/Failed to load resource|net::ERR/.test(text));
}
