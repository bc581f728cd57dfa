// SPDX-License-Identifier: GPL-3.0-or-later
// The time that is shown. It stands still while nobody looks.

import { signal } from '@preact/signals';

export const now = signal(Date.now());

export function startClock(): void {
  const tick = () => {
    if (document.visibilityState === 'visible') now.value = Date.now();
  };
  setInterval(tick, 1000);
  document.addEventListener('visibilitychange', tick);
}
