// SPDX-License-Identifier: GPL-3.0-or-later
// Who is signed in. The token is in this tab only, unless the person asks to be remembered.

import { signal } from '@preact/signals';

import { Client } from '../api/client.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import type { Me } from '../api/types.ts';
import { forget, keep, kept } from './storage.ts';

export type SessionState = 'out' | 'checking' | 'in' | 'unreachable';

const token = signal<string | null>(kept<string>('session', 'token') ?? kept('local', 'token'));
export const me = signal<Me | null>(null);
export const sessionState = signal<SessionState>(token.value ? 'checking' : 'out');
// Why the last token was not taken; shown where the next one is asked for.
export const refusal = signal<Problem | null>(null);

export const client = new Client({
  base: '',
  token: () => token.value,
  refused: (problem) => {
    refusal.value = problem;
    dropToken();
  },
});

export function tokenLooksRight(text: string): boolean {
  return /^nf_[A-Za-z0-9_-]{43}$/.test(text);
}

function dropToken(): void {
  forget('session', 'token');
  forget('local', 'token');
  token.value = null;
  me.value = null;
  sessionState.value = 'out';
}

export async function checkSession(): Promise<void> {
  if (!token.value) return;
  if (sessionState.value !== 'in') sessionState.value = 'checking';
  try {
    me.value = await client.me();
    refusal.value = null;
    sessionState.value = 'in';
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.kind === 'unauthorised') return; // `refused` has said so.
    refusal.value = problem;
    sessionState.value = 'unreachable';
  }
}

export async function signIn(text: string, remember: boolean): Promise<void> {
  refusal.value = null;
  token.value = text;
  sessionState.value = 'checking';
  await checkSession();
  if (me.value === null && (sessionState.peek() as SessionState) === 'unreachable') {
    token.value = null;
    sessionState.value = 'out';
    return;
  }
  if (me.value !== null) keep(remember ? 'local' : 'session', 'token', text);
}

export function signOut(): void {
  refusal.value = null;
  dropToken();
}

export function mayDesign(): boolean {
  const role = me.value?.role;
  return role === 'designer' || role === 'operator' || role === 'admin';
}

export function mayOperate(fab: string): boolean {
  const who = me.value;
  if (!who) return false;
  return who.role === 'admin' || (who.role === 'operator' && who.fabs.includes(fab));
}
