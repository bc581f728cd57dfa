// SPDX-License-Identifier: GPL-3.0-or-later

import type { Report } from '../../api/report_types.ts';
import { count, grams, kilometres, span } from '../../figures/format.ts';
import { texts } from '../../texts.ts';

const words = texts.report;

function Sum({ name, value, under }: { name: string; value: string; under?: string }) {
  return (
    <div class="sum">
      <dt>{name}</dt>
      <dd>
        <span class="sum-value">{value}</span>
        {under && <span class="quiet small">{under}</span>}
      </dd>
    </div>
  );
}

export function Sums({ report }: { report: Report }) {
  const { delivered, network, distance } = report;
  const hhi = report.shares.by_pieces?.hhi ?? null;
  const alike = report.shares.by_pieces?.as_many_as ?? null;
  return (
    <dl class="sums whole">
      <Sum
        name={words.delivered}
        value={words.pieces(delivered.pieces)}
        under={words.fabsThere(network.fabs_there, network.fabs)}
      />
      <Sum name={words.distance} value={kilometres(distance.median_km)} under={words.median} />
      <Sum
        name={words.machineTime}
        value={span(delivered.machine_s)}
        {...(delivered.machine_time_unknown
          ? { under: words.unknownOf(delivered.machine_time_unknown) }
          : {})}
      />
      <Sum
        name={words.mass}
        value={grams(delivered.mass_g)}
        {...(delivered.mass_unknown ? { under: words.unknownOf(delivered.mass_unknown) } : {})}
      />
      <Sum
        name={words.hhi}
        value={hhi === null ? texts.none : count(hhi)}
        {...(alike === null ? {} : { under: words.asMany(alike) })}
      />
    </dl>
  );
}
