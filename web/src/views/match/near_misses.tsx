// SPDX-License-Identifier: GPL-3.0-or-later
// Who cannot make it: what decided, with both numbers.

import type { Rejection } from '../../api/types.ts';
import { kilometres } from '../../figures/format.ts';
import { titleOfFab } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { texts } from '../../texts.ts';

const words = texts.submit;

export function NearMisses({ rejections }: { rejections: readonly Rejection[] }) {
  if (rejections.length === 0) return null;
  return (
    <section class="misses">
      <h3>{words.nearMisses}</h3>
      <div class="table-scroll">
        <table class="table">
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
                <td class="r">{kilometres(one.distance_km)}</td>
                <td>{texts.requirement(one.requirement)}</td>
                <td>{one.needed || texts.none}</td>
                <td>{one.offered || texts.none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
