// SPDX-License-Identifier: GPL-3.0-or-later
// One word for what a fab does now, from what its machines say. Pure.

import type { Fab, Machine } from '../api/types.ts';

export type FabMood = 'free' | 'working' | 'attention' | 'closed' | 'trouble' | 'away';

export const fab_moods: readonly FabMood[] = [
  'free',
  'working',
  'attention',
  'trouble',
  'closed',
  'away',
];

export function moodOfFab(fab: Fab): FabMood {
  if (!fab.connected) return 'away';
  if (fab.held_back) return 'trouble';
  const states = fab.machines.map((machine) => machine.state);
  const any = (state: string) => states.includes(state);
  // A machine that could begin now says more of the fab than one that stands still.
  if (any('idle')) return any('fault') ? 'trouble' : 'free';
  if (any('fault')) return 'trouble';
  if (any('awaiting_clear')) return 'attention';
  if (any('working')) return 'working';
  return 'closed';
}

export function moodOfMachine(machine: Machine): FabMood {
  switch (machine.state) {
    case 'idle':
      return 'free';
    case 'working':
      return 'working';
    case 'awaiting_clear':
      return 'attention';
    case 'fault':
      return 'trouble';
    case 'busy_locally':
    case 'drained':
      return 'closed';
    default:
      return 'away';
  }
}

export function processesOf(fab: Fab): string[] {
  return [...new Set(fab.machines.map((machine) => machine.process))];
}
