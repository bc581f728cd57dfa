// SPDX-License-Identifier: GPL-3.0-or-later
// Name, places to go, the state of the line, colours, who is signed in.

import type { ComponentChildren } from 'preact';

import { now } from '../state/clock.ts';
import { link, offlineSince, openLive } from '../state/live.ts';
import { links, route } from '../state/route.ts';
import { me, sessionState, signOut } from '../state/session.ts';
import { nextTheme, theme } from '../state/theme.ts';
import { texts } from '../texts.ts';

function Icon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round" />
    </svg>
  );
}

const icons = {
  board: 'M2.5 5.5l5-2 5 2 5-2v11l-5 2-5-2-5 2zM7.500 3.500v11M12.500 5.500v11',
  submit: 'M10 13V3M6 6.500L10 2.500l4 4M3 12v5h14v-5',
  fab: 'M3 17V8l4.500 3V8l4.500 3V3h5v14zM6 14h2M11 14h2',
  report: 'M3 17V3M3 17h14M7 14v-4M11 14V6M15 14V9',
};

function Place({
  to,
  here,
  icon,
  children,
}: {
  to: string;
  here: boolean;
  icon: keyof typeof icons;
  children: ComponentChildren;
}) {
  return (
    <a href={to} {...(here ? { 'aria-current': 'page' as const } : {})}>
      <Icon path={icons[icon]} />
      {children}
    </a>
  );
}

const sun =
  'M10 6.200a3.800 3.800 0 1 0 0 7.600a3.800 3.800 0 1 0 0-7.600M10 1v2.500M10 16.500V19M1 10h2.500M16.500 10H19M3.600 3.600l1.800 1.800M14.600 14.600l1.800 1.800M3.600 16.400l1.800-1.800M14.600 5.400l1.800-1.800';
const moon = 'M16.500 12.500A7 7 0 0 1 7.500 3.500a7 7 0 1 0 9 9z';
const both =
  'M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14zM10 3v14M10 6h5M10 9h6.800M10 12h6.500M10 15h4.500';

function ThemeSwitch() {
  const here = theme.value;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={texts.theme[here]}
      title={texts.theme[here]}
      onClick={() => (theme.value = nextTheme(here))}
    >
      <Icon path={here === 'light' ? sun : here === 'dark' ? moon : both} />
    </button>
  );
}

function Line() {
  const state = link.value;
  const shown = state === 'ended' ? 'offline' : state;
  return (
    <span class={`line ${shown}`} role="status" data-link={shown}>
      <span class="lamp" aria-hidden="true" />
      <span class="line-words">{texts.link[shown]}</span>
    </span>
  );
}

function OfflineStrip() {
  const since = offlineSince.value;
  if (since === null) return null;
  const seconds = Math.max(0, (now.value - since) / 1000);
  // A short break mends itself; nobody has to read of it.
  if (seconds < 2) return null;
  return (
    <div class="offline-strip" data-offline>
      <span>{texts.link.offlineLong(seconds)}</span>
      <button type="button" class="button small" onClick={openLive}>
        {texts.link.retry}
      </button>
    </div>
  );
}

export function TopBar() {
  const who = me.value;
  const inside = sessionState.value === 'in';
  const at = route.value;
  const ownFab = who?.fabs[0];
  return (
    <header>
      <div class="top">
        <a class="brand" href={links.board}>
          <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
            <circle cx="16" cy="16" r="5" fill="none" stroke="currentColor" stroke-width="3" />
            <circle
              cx="16"
              cy="16"
              r="12.500"
              fill="none"
              stroke="currentColor"
              stroke-width="2"
              stroke-dasharray="3.500 4.300"
            />
            <circle cx="25" cy="8" r="3.800" fill="currentColor" />
          </svg>
          <span>{texts.name}</span>
          {who?.network && <span class="network">{who.network}</span>}
        </a>
        {inside && (
          <nav class="places" aria-label={texts.nav.label}>
            <Place to={links.board} here={at.view === 'board'} icon="board">
              {texts.nav.board}
            </Place>
            <Place to={links.submit} here={at.view === 'submit'} icon="submit">
              {texts.nav.submit}
            </Place>
            {ownFab !== undefined && (
              <Place
                to={links.fab(ownFab)}
                here={at.view === 'fab' && at.fab === ownFab}
                icon="fab"
              >
                {texts.nav.fab}
              </Place>
            )}
            <Place to={links.report} here={at.view === 'report'} icon="report">
              {texts.nav.report}
            </Place>
          </nav>
        )}
        <div class="top-end">
          {inside && <Line />}
          {who && <span class="who">{texts.signIn.as(who.name, texts.signIn.role(who.role))}</span>}
          <ThemeSwitch />
          {inside && (
            <button
              type="button"
              class="icon-button"
              aria-label={texts.nav.signOut}
              title={texts.nav.signOut}
              onClick={signOut}
            >
              <Icon path="M12 3H4v14h8M8 10h10M14.500 6.500L18 10l-3.500 3.500" />
            </button>
          )}
        </div>
      </div>
      {inside && <OfflineStrip />}
    </header>
  );
}
