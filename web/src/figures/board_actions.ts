// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator may do with a piece of work or a machine in its state, and what is asked once
// more before. Pure.

import type { ActionRequest, BoardMachine, BoardWork } from '../api/types.ts';

export type Question = 'none' | 'sure' | 'words' | 'code' | 'stock';

export interface Offered {
  name: string; // Of its label in the texts.
  request: ActionRequest;
  question: Question;
  ask: string; // Of its question in the texts.
  kind: 'main' | 'usual' | 'danger';
  materials?: string[]; // To choose from.
}

export function actionsOfWork(work: BoardWork): Offered[] {
  const { work_order } = work;
  const accept: Offered = {
    name: 'accept',
    request: { action: 'accept', work_order },
    question: 'none',
    ask: '',
    kind: 'main',
  };
  const decline: Offered = {
    name: 'decline',
    request: { action: 'decline', work_order },
    question: 'words',
    ask: 'decline',
    kind: 'danger',
  };
  const good: Offered = {
    name: 'inspect_good',
    request: { action: 'inspect_good', work_order },
    question: 'none',
    ask: '',
    kind: 'main',
  };
  const bad: Offered = {
    name: 'inspect_bad',
    request: { action: 'inspect_bad', work_order },
    question: 'words',
    ask: 'inspect_bad',
    kind: 'danger',
  };
  const handOver: Offered = {
    name: 'hand_over',
    request: { action: 'hand_over', work_order },
    question: 'sure',
    ask: 'hand_over',
    kind: 'main',
  };
  const resolve = (text: string): Offered => ({
    name: `resolve_${text}`,
    request: { action: 'resolve', work_order, text },
    question: 'sure',
    ask: 'resolve',
    kind: 'usual',
  });
  switch (work.state) {
    case 'seen':
      return [accept, decline];
    case 'reserved':
      return [decline];
    case 'produced':
      return [good, bad];
    case 'inspected_good':
      return [handOver, bad];
    case 'in_doubt':
      return [resolve('made'), resolve('failed'), resolve('never_started')];
    default:
      return [];
  }
}

// Beam and spindle start only beside a person.
export function isAttended(process: string): boolean {
  return /^(laser|cnc|plasma|waterjet)/.test(process);
}

// By nearfab. What was paused at its own panel goes on there: whoever paused it knows why.
export function isPaused(machine: BoardMachine): boolean {
  return machine.state === 'working' && machine.detail === 'paused';
}

export function actionsOfMachine(machine: BoardMachine): Offered[] {
  const id = machine.machine;
  const sure = (action: ActionRequest['action'], kind: Offered['kind'] = 'usual'): Offered => ({
    name: action,
    request: { action, machine: id },
    question: 'sure',
    ask: action,
    kind,
  });
  const offered: Offered[] = [];
  if (isAttended(machine.process)) {
    offered.push({
      name: 'presence',
      request: { action: 'presence', machine: id },
      question: 'code',
      ask: 'presence',
      kind: machine.work_order ? 'main' : 'usual',
    });
  }
  if (machine.state === 'awaiting_clear') offered.push(sure('clear_bed', 'main'));
  if (isPaused(machine)) offered.push(sure('resume_machine', 'main'));
  else if (machine.state === 'working') offered.push(sure('pause_machine'));
  if (machine.state === 'drained') {
    offered.push({ ...sure('resume', 'main'), question: 'none' });
  } else {
    offered.push(sure('drain'));
  }
  // The agent may not know of a bed that a person sees to be empty.
  if (machine.state !== 'awaiting_clear' && machine.state !== 'working') {
    offered.push(sure('clear_bed'));
  }
  offered.push({
    ...sure('load'),
    question: 'stock',
    materials: machine.materials.map((stock) => stock.material),
  });
  return offered;
}

// What a person typed, with a point or a comma; null when it is no amount, or may be one of two:
// "1,000" is a thousand here and one there.
export function gramsTyped(text: string): number | null {
  const said = text.trim().replace(',', '.');
  if (!/^\d+(\.\d{1,2})?$/.test(said)) return null;
  const grams = Number(said);
  return grams <= 1e9 ? grams : null;
}

// A person looks at what was made, or may have been, and has not said yet what it is: then its
// attempt is the present one, and saying it shows the photo to the designer.
export function isInspected(work: BoardWork): boolean {
  return ['produced', 'in_doubt'].includes(work.state);
}

// What waits for a person comes first.
const urgency: Record<string, number> = {
  in_doubt: 0,
  produced: 1,
  seen: 2,
  inspected_good: 3,
  reserved: 4,
  authorised: 5,
  starting: 5,
  running: 5,
};

export function byUrgency(a: BoardWork, b: BoardWork): number {
  const unsafe = Number(b.unsafe) - Number(a.unsafe);
  return unsafe || (urgency[a.state] ?? 9) - (urgency[b.state] ?? 9);
}

export function isOver(work: BoardWork): boolean {
  // An offer that was declined has no state of its own on the wire, only its phase.
  const isDeclined = work.state === 'unknown' && work.phase === 'declined';
  return isDeclined || ['delivered', 'released', 'never_started'].includes(work.state);
}
