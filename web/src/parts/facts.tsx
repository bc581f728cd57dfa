// SPDX-License-Identifier: GPL-3.0-or-later
// Names with their values, in a grid that holds its columns.

import type { ComponentChildren } from 'preact';

export function Facts({ rows }: { rows: (readonly [string, ComponentChildren] | null)[] }) {
  return (
    <dl class="facts">
      {rows
        .filter((row) => row !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
