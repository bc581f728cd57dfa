// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the page one is. Behind the #, so that any server that serves one file serves them all.

import { signal } from '@preact/signals';

export type Route =
  | { view: 'board' }
  | { view: 'submit' }
  | { view: 'job'; job: string }
  | { view: 'fab'; fab: string }
  | { view: 'report' }
  | { view: 'sign_in' }
  | { view: 'unknown'; path: string };

export function readRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '').split('?')[0] ?? '';
  const [view = '', rest] = path.split('/', 2);
  let name: string;
  try {
    name = decodeURIComponent(rest ?? '');
  } catch {
    return { view: 'unknown', path };
  }
  if (view === '') return { view: 'board' };
  if (view === 'submit') return { view: 'submit' };
  if (view === 'report') return { view: 'report' };
  if (view === 'sign-in') return { view: 'sign_in' };
  if (view === 'jobs' && name) return { view: 'job', job: name };
  if (view === 'fabs' && name) return { view: 'fab', fab: name };
  return { view: 'unknown', path };
}

export const links = {
  board: '#/',
  submit: '#/submit',
  report: '#/report',
  signIn: '#/sign-in',
  job: (id: string) => `#/jobs/${encodeURIComponent(id)}`,
  fab: (id: string) => `#/fabs/${encodeURIComponent(id)}`,
};

export const route = signal<Route>(readRoute(globalThis.location?.hash ?? ''));

export function followLocation(): void {
  addEventListener('hashchange', () => {
    route.value = readRoute(location.hash);
  });
}

export function goTo(link: string): void {
  location.hash = link;
}
