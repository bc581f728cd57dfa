// SPDX-License-Identifier: GPL-3.0-or-later
// A list of any length: only the rows in sight are in the page. Arrow keys, Home and End move
// through it.

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const spare_rows = 6;

export function LongList<T>({
  items,
  keyOf,
  rowHeight,
  label,
  row,
}: {
  items: readonly T[];
  keyOf: (item: T) => string;
  rowHeight: number;
  label: string;
  row: (item: T) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const tall = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ from: 0, to: 40 });

  const look = () => {
    const at = box.current;
    if (!at) return;
    const from = Math.max(0, Math.floor(at.scrollTop / rowHeight) - spare_rows);
    const to = Math.ceil((at.scrollTop + at.clientHeight) / rowHeight) + spare_rows;
    setWindow((before) => (before.from === from && before.to === to ? before : { from, to }));
  };

  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return undefined;
    const watch = new ResizeObserver(look);
    watch.observe(at);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (tall.current) tall.current.style.height = `${items.length * rowHeight}px`;
    look();
  }, [items.length, rowHeight]);

  const from = Math.min(window.from, Math.max(0, items.length - 1));
  const shown = items.slice(from, window.to);

  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 8,
      PageUp: -8,
      Home: -items.length,
      End: items.length,
    };
    const step = steps[event.key];
    const at = box.current;
    if (step === undefined || !at || items.length === 0) return;
    event.preventDefault();
    const focused = document.activeElement?.closest('[data-row]')?.getAttribute('data-row');
    const here = focused ? Number(focused) : step > 0 ? -1 : 0;
    const there = Math.max(0, Math.min(items.length - 1, here + step));
    const top = there * rowHeight;
    if (top < at.scrollTop) at.scrollTop = top;
    if (top + rowHeight > at.scrollTop + at.clientHeight) {
      at.scrollTop = top + rowHeight - at.clientHeight;
    }
    look();
    // The row may only now come into the page.
    requestAnimationFrame(() => {
      at.querySelector<HTMLElement>(`[data-row="${there}"] a, [data-row="${there}"] button`)?.focus(
        { preventScroll: true },
      );
    });
  };

  return (
    <div
      class="long-list"
      ref={box}
      tabIndex={0}
      role="list"
      aria-label={label}
      onScroll={look}
      onKeyDown={move}
    >
      <div class="long-list-tall" ref={tall} role="presentation">
        {shown.map((item, i) => (
          <Row
            key={keyOf(item)}
            index={from + i}
            count={items.length}
            top={(from + i) * rowHeight}
            height={rowHeight}
          >
            {row(item)}
          </Row>
        ))}
      </div>
    </div>
  );
}

function Row({
  index,
  count,
  top,
  height,
  children,
}: {
  index: number;
  count: number;
  top: number;
  height: number;
  children: ComponentChildren;
}) {
  const at = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!at.current) return;
    at.current.style.transform = `translateY(${top}px)`;
    at.current.style.height = `${height}px`;
  }, [top, height]);
  return (
    <div
      class="long-row"
      role="listitem"
      aria-setsize={count}
      aria-posinset={index + 1}
      data-row={index}
      ref={at}
    >
      {children}
    </div>
  );
}
