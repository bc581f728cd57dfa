// SPDX-License-Identifier: GPL-3.0-or-later
// The page begins here.

import './styles/index.css';

import { effect } from '@preact/signals';
import { render } from 'preact';

import { App } from './app.tsx';
import { startClock } from './state/clock.ts';
import { forgetFabs } from './state/fabs.ts';
import { forgetJobs } from './state/jobs.ts';
import { closeLive, openLive } from './state/live.ts';
import { followLocation } from './state/route.ts';
import { checkSession, sessionState } from './state/session.ts';
import { followTheme } from './state/theme.ts';

followTheme();
followLocation();
startClock();

// What one person saw is gone before the next one signs in.
let inside = false;
effect(() => {
  const now = sessionState.value === 'in';
  if (now === inside) return;
  inside = now;
  if (now) {
    openLive();
  } else {
    closeLive();
    forgetFabs();
    forgetJobs();
  }
});

void checkSession();
const page = document.getElementById('page');
if (page) render(<App />, page);
