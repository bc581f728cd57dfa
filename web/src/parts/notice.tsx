// SPDX-License-Identifier: GPL-3.0-or-later
// What went wrong and what to do next; and what an empty place says.

import type { ComponentChildren } from 'preact';

import type { Problem } from '../api/problem.ts';
import { texts } from '../texts.ts';
import { Shape } from './shape.tsx';

export function ProblemNotice({
  problem,
  retry,
  children,
}: {
  problem: Problem;
  retry?: (() => void) | undefined;
  children?: ComponentChildren;
}) {
  const title = texts.problem.codes[problem.status];
  return (
    <div class="notice bad" role="alert">
      <Shape mood="trouble" />
      <div class="notice-words">
        {title && <strong>{title}</strong>}
        <p>{problem.message}</p>
        {problem.next && (
          <p class="next">
            <b>{texts.problem.next}</b> {problem.next}
          </p>
        )}
        {children}
        {retry && (
          <button type="button" class="button small" onClick={retry}>
            {texts.problem.again}
          </button>
        )}
      </div>
    </div>
  );
}

export function Notice({
  kind = 'info',
  children,
}: {
  kind?: 'info' | 'warn' | 'good' | 'bad';
  children: ComponentChildren;
}) {
  const mood = { info: 'waiting', warn: 'attention', good: 'done', bad: 'trouble' } as const;
  return (
    <div class={`notice ${kind}`} role="status">
      <Shape mood={mood[kind]} />
      <div class="notice-words">{children}</div>
    </div>
  );
}

export function Empty({
  words,
  next,
  children,
}: {
  words: string;
  next?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p>{words}</p>
      {next && <p class="quiet">{next}</p>}
      {children}
    </div>
  );
}

export function Loading({ words }: { words: string }) {
  return (
    <p class="loading" role="status">
      <span class="pulse" aria-hidden="true" /> {words}…
    </p>
  );
}
