// SPDX-License-Identifier: GPL-3.0-or-later
// Light or dark: as the system says, or as the person says.

import { effect, signal } from '@preact/signals';

import { forget, keep, kept } from './storage.ts';

export type Theme = 'system' | 'light' | 'dark';

const stored = kept<Theme>('local', 'theme');
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');
// Grows whenever colours change, for what is drawn and not styled.
export const colours = signal(0);

export function followTheme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colours.value = colours.peek() + 1;
  });
  effect(() => {
    const wanted = theme.value;
    const root = document.documentElement;
    if (wanted === 'system') {
      root.removeAttribute('data-theme');
      forget('local', 'theme');
    } else {
      root.setAttribute('data-theme', wanted);
      keep('local', 'theme', wanted);
    }
    colours.value = colours.peek() + 1;
  });
}

export function nextTheme(from: Theme): Theme {
  return from === 'system' ? 'light' : from === 'light' ? 'dark' : 'system';
}

export function prefersStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
