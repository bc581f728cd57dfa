// SPDX-License-Identifier: GPL-3.0-or-later
// Who cannot make it: what decided, with both numbers.

import type { Rejection } from '../../api/types.ts';
import { kilometres } from '../../figures/format.ts';
import { titleOfFab } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { TableFrame } from '../../parts/table_frame.tsx';
import { texts } from '../../texts.ts';

const words = texts.submit;

export function NearMisses({ rejections }: { rejections: readonly Rejection[] }) {
  if (rejections.length === 0) return null;
  return (
    <section class="misses">
      <h3>{words.nearMisses}</h3>
      <TableFrame label={words.nearMisses}>
        <table class="table stack">
          <thead>
            <tr>
              <th>{texts.report.table.fab}</th>
              <th class="r">{words.distance}</th>
              <th>{texts.report.table.reason}</th>
              <th>{words.needed}</th>
              <th>{words.offered}</th>
            </tr>
          </thead>
          <tbody>
            {rejections.map((one) => (
              <tr key={`${one.fab} ${one.machine}`} title={one.text} data-miss={one.fab}>
                <td>
                  <a href={links.fab(one.fab)}>{titleOfFab(one.fab)}</a>{' '}
                  <span class="quiet">{one.machine}</span>
                </td>
                <td class="r" data-label={words.distance}>
                  {kilometres(one.distance_km)}
                </td>
                <td data-label={texts.report.table.reason}>{texts.requirement(one.requirement)}</td>
                <td data-label={words.needed}>{one.needed || texts.none}</td>
                <td data-label={words.offered}>{one.offered || texts.none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
