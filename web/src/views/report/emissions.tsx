// SPDX-License-Identifier: GPL-3.0-or-later
// Material, energy and transport beside each other, each with range, method and confidence.

import type { Report } from '../../api/report_types.ts';
import { count, grams } from '../../figures/format.ts';
import { TableFrame } from '../../parts/table_frame.tsx';
import { texts } from '../../texts.ts';
import { RangeBar } from '../match/footprint.tsx';

const words = texts.report;
const names = texts.submit.footprintParts;

export function Emissions({ emissions }: { emissions: Report['emissions'] }) {
  const top = Math.max(0, ...emissions.shares.map((row) => row.sum?.high_g ?? 0));
  const { complete } = emissions;
  return (
    <section class="card whole" aria-label={words.emissions}>
      <div class="card-head">
        <h2>{words.emissions}</h2>
        <span class="quiet">CO₂e</span>
      </div>
      <TableFrame label={words.emissions}>
        <table class="table">
          <thead>
            <tr>
              <th />
              <th class="r">{words.low}</th>
              <th class="r">{words.typical}</th>
              <th class="r">{words.high}</th>
              <th>
                <span class="hidden-words">{words.typical}</span>
              </th>
              <th class="r">{words.table.pieces}</th>
              <th>{words.method}</th>
              <th>{words.confidence}</th>
            </tr>
          </thead>
          <tbody>
            {emissions.shares.map((row) => (
              <tr key={row.share}>
                <td>
                  <b>{names[row.share] ?? row.share}</b>
                </td>
                {row.sum ? (
                  <>
                    <td class="r">{grams(row.sum.low_g)}</td>
                    <td class="r">
                      <b>{grams(row.sum.typical_g)}</b>
                    </td>
                    <td class="r">{grams(row.sum.high_g)}</td>
                    <td>
                      <RangeBar range={row.sum} top={top} />
                    </td>
                  </>
                ) : (
                  <td colSpan={4} class="quiet">
                    {texts.submit.footprintNone}
                  </td>
                )}
                <td class="r">
                  {count(row.pieces)}
                  {row.unknown > 0 && (
                    <span class="quiet small">
                      <br />
                      {words.unknownOf(row.unknown)}
                    </span>
                  )}
                </td>
                <td class="small method">{row.method}</td>
                <td class="small">
                  <span class="chips">
                    {row.confidence.map((one) => (
                      <span class="chip" key={one.confidence}>
                        {one.confidence.replace(/_/g, ' ')} {count(one.pieces)}
                      </span>
                    ))}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
          {complete.sum && (
            <tfoot>
              <tr>
                <td>
                  <b>{words.emissionsSum}</b>
                </td>
                <td class="r">{grams(complete.sum.low_g)}</td>
                <td class="r">
                  <b>{grams(complete.sum.typical_g)}</b>
                </td>
                <td class="r">{grams(complete.sum.high_g)}</td>
                <td colSpan={4} class="quiet small">
                  {words.emissionsOf(complete.pieces, complete.incomplete)}
                </td>
              </tr>
            </tfoot>
          )}
        </table>
      </TableFrame>
      <p class="hint">{words.notCounted(emissions.not_counted)}</p>
      <p class="hint">{words.honest}</p>
    </section>
  );
}
