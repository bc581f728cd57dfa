// SPDX-License-Identifier: GPL-3.0-or-later
// What a state looks like: a shape of its own each, so that nothing hangs on colour.

import type { FabMood } from '../figures/fab_state.ts';
import type { JobMood } from '../figures/job_life.ts';

export type Mood = FabMood | JobMood;

export type Figure =
  'ring' | 'disc' | 'triangle' | 'diamond' | 'square' | 'cross' | 'tick' | 'half';

export const figure_of: Record<Mood, Figure> = {
  free: 'ring',
  working: 'disc',
  attention: 'triangle',
  trouble: 'diamond',
  closed: 'square',
  away: 'cross',
  waiting: 'ring',
  making: 'disc',
  ready: 'half',
  doubt: 'triangle',
  done: 'tick',
  ended: 'cross',
};

// In a box of 16 by 16, round (8, 8).
const drawings: Record<Figure, string> = {
  ring: 'M8 2.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4zM8 5.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 1 1 0-5.6z',
  disc: 'M8 2.6a5.4 5.4 0 1 0 0 10.8a5.4 5.4 0 1 0 0-10.8z',
  triangle: 'M8 2L14.4 13.4H1.6z',
  diamond: 'M8 1.4L14.6 8L8 14.6L1.4 8z',
  square: 'M3.2 3.2H12.8V12.8H3.2z',
  cross:
    'M4.2 2.6L8 6.4l3.8-3.8l1.6 1.6L9.6 8l3.8 3.8l-1.6 1.6L8 9.6l-3.8 3.8l-1.6-1.6L6.4 8L2.6 4.2z',
  tick: 'M13.6 4.4L6.6 12.6L2.4 8.6l1.5-1.6l2.6 2.4l5.4-6.4z',
  half: 'M8 2.6a5.4 5.4 0 1 0 0 10.8zM8 2.6a5.4 5.4 0 0 1 0 10.8v-1.7a3.7 3.7 0 0 0 0-7.4z',
};

export function drawingOf(mood: Mood): string {
  return drawings[figure_of[mood]];
}

export function Shape({ mood, label }: { mood: Mood; label?: string }) {
  return (
    <svg
      class={`shape mood-${mood}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      focusable="false"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' as const })}
    >
      <path d={drawingOf(mood)} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
