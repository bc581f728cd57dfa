// SPDX-License-Identifier: GPL-3.0-or-later

import type { Job } from './shapes.ts';

export function nearFirst(a: Job, b: Job): number {
  if (a.submitted_at !== b.submitted_at) return a.submitted_at < b.submitted_at ? 1 : -1;
  return a.job < b.job ? -1 : 1;
}
