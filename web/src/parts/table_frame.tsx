// SPDX-License-Identifier: GPL-3.0-or-later
// A table that may be wider than the screen: then it scrolls by itself, by keys as well.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { texts } from '../texts.ts';

export function TableFrame({ label, children }: { label: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return undefined;
    const look = () => setScrolls(at.scrollWidth > at.clientWidth + 1);
    const watch = new ResizeObserver(look);
    watch.observe(at);
    if (at.firstElementChild) watch.observe(at.firstElementChild);
    return () => watch.disconnect();
  }, []);
  return (
    <div
      class="table-scroll"
      ref={box}
      {...(scrolls
        ? { tabIndex: 0, role: 'region' as const, 'aria-label': texts.asTable(label) }
        : {})}
    >
      {children}
    </div>
  );
}
