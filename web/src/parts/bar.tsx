// SPDX-License-Identifier: GPL-3.0-or-later

import { useLayoutEffect, useRef } from 'preact/hooks';

// A share from 0 to 1 as a bar. The width goes through the style object: the router's policy allows
// no style in the page's text.
export function Bar({
  share,
  label,
  kind = 'progress',
}: {
  share: number;
  label: string;
  kind?: 'progress' | 'share';
}) {
  const fill = useRef<HTMLSpanElement>(null);
  const bounded = Math.max(0, Math.min(1, share));
  useLayoutEffect(() => {
    if (fill.current) fill.current.style.transform = `scaleX(${bounded})`;
  }, [bounded]);
  const shown = Math.round(bounded * 100);
  return (
    <span
      class={`bar ${kind}`}
      aria-label={label}
      {...(kind === 'progress'
        ? {
            role: 'progressbar',
            'aria-valuenow': shown,
            'aria-valuemin': 0,
            'aria-valuemax': 100,
          }
        : { role: 'img' })}
    >
      <span class="bar-fill" ref={fill} />
    </span>
  );
}
