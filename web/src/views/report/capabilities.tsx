// SPDX-License-Identifier: GPL-3.0-or-later

import type { Report } from '../../api/report_types.ts';
import { count, sizes } from '../../figures/format.ts';
import { titleOfFab } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { TableFrame } from '../../parts/table_frame.tsx';
import { texts } from '../../texts.ts';

const words = texts.report;

export function Capabilities({ capabilities }: { capabilities: Report['capabilities'] }) {
  const { rows } = capabilities;
  return (
    <section class="card" aria-label={words.capabilities}>
      <div class="card-head">
        <h2>{words.capabilities}</h2>
        <span class="quiet">
          {words.capabilitiesLead(capabilities.single_fab, capabilities.all)}
        </span>
      </div>
      {rows.length === 0 ? (
        <p class="quiet">{words.capabilitiesNone}</p>
      ) : (
        <TableFrame label={words.capabilities}>
          <table class="table">
            <thead>
              <tr>
                <th>{words.table.process}</th>
                <th>{words.table.material}</th>
                <th>{words.table.hangsOn}</th>
                <th>{words.table.size}</th>
                <th class="r">{words.table.pieces}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={`${row.process} ${row.material} ${row.hangs_on} ${row.fab ?? row.owner ?? ''}`}
                >
                  <td>{texts.process(row.process)}</td>
                  <td>{texts.material(row.material)}</td>
                  <td>
                    {row.fab ? (
                      <a href={links.fab(row.fab)}>{titleOfFab(row.fab)}</a>
                    ) : (
                      (row.owner ?? texts.none)
                    )}
                    <span class="quiet small">
                      <br />
                      {words.hangs[row.hangs_on] ?? row.hangs_on}
                    </span>
                  </td>
                  <td class="small">
                    {row.envelope_mm ? sizes(row.envelope_mm) : texts.none}
                    {row.elsewhere_mm && (
                      <span class="quiet">
                        <br />
                        {words.elsewhere} {sizes(row.elsewhere_mm)}
                      </span>
                    )}
                  </td>
                  <td class="r">{count(row.pieces)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}
