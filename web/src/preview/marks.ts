// SPDX-License-Identifier: GPL-3.0-or-later
// Places of a part that deserve a look, numbered in the picture as in the list. Pure.

import type { Check, Point } from '../api/types.ts';

export type MarkKind =
  'fault' | 'limit' | 'wall' | 'gap' | 'overhang' | 'undercut' | 'intersection' | 'finding';

export interface Mark {
  number: number;
  kind: MarkKind;
  severity: 'error' | 'warning' | 'note';
  at: Point;
  text: string;
  next: string;
  rule: string;
}

const marks_max = 60;

function same(a: Point, b: Point): boolean {
  return a.length === b.length && a.every((x, i) => Math.abs(x - (b[i] as number)) < 1e-3);
}

// Of the findings in the file, of what limits this process, and of the kinds of places that matter
// to it. One place is marked once, by the weightiest that is said of it.
export function marksOf(check: Check, process: string): Mark[] {
  const marks: Mark[] = [];
  const add = (mark: Omit<Mark, 'number'>) => {
    if (marks.length >= marks_max || mark.at.length < 2) return;
    if (marks.some((one) => same(one.at, mark.at) && one.rule === mark.rule)) return;
    marks.push({ ...mark, number: marks.length + 1 });
  };
  for (const finding of check.findings ?? []) {
    if (!finding.at_mm || finding.severity === 'note') continue;
    add({
      kind: finding.severity === 'error' ? 'fault' : 'finding',
      severity: finding.severity,
      at: finding.at_mm,
      text: finding.message,
      next: finding.next,
      rule: finding.rule,
    });
  }
  const verdict = check.verdicts?.find((one) => one.process === process);
  for (const reason of verdict?.reasons ?? []) {
    if (!reason.at_mm) continue;
    add({
      kind: 'limit',
      severity: reason.blocking ? 'error' : 'warning',
      at: reason.at_mm,
      text: reason.text,
      next: '',
      rule: reason.rule,
    });
  }
  for (const place of check.self_intersection_places?.slice(0, 10) ?? []) {
    add({
      kind: 'intersection',
      severity: 'warning',
      at: place,
      text: '',
      next: '',
      rule: 'self_intersection_place',
    });
  }
  if (process === 'fdm' || process === 'sla') {
    for (const region of check.printing?.regions.slice(0, 8) ?? []) {
      if (region.kind === 'bridge' && region.span_mm < 10) continue;
      add({
        kind: 'overhang',
        severity: 'note',
        at: region.at_mm,
        text: '',
        next: '',
        rule: `overhang_${region.kind}`,
      });
    }
  }
  if (process.startsWith('cnc')) {
    for (const undercut of check.milling?.undercuts.slice(0, 8) ?? []) {
      add({
        kind: 'undercut',
        severity: 'warning',
        at: undercut.at_mm,
        text: '',
        next: '',
        rule: 'undercut_place',
      });
    }
  }
  return marks;
}
