// SPDX-License-Identifier: GPL-3.0-or-later

import type { Machine } from '../../api/types.ts';
import { grams, millimetres, money, rough, sizes, span, thin } from '../../figures/format.ts';
import { Facts } from '../../parts/facts.tsx';
import { texts } from '../../texts.ts';

const words = texts.fab;

function rateText(machine: Machine): string | null {
  const { rates } = machine;
  if (!rates) return null;
  const one = (minor: number) =>
    money({ currency: rates.currency, minor, decimals: rates.decimals });
  return words.rate(one(rates.setup), one(rates.per_hour), one(rates.per_kg));
}

export function MachineFacts({ machine }: { machine: Machine }) {
  const rate = rateText(machine);
  const { energy } = machine;
  return (
    <>
      <p class="loaded">
        <span class="quiet small">{words.materials}: </span>
        {machine.materials.length === 0 && words.nothingLoaded}
        <span class="chips">
          {machine.materials.map((stock) => (
            <span class="chip" key={stock.material}>
              {texts.material(stock.material)} <b class="number">{grams(stock.available_g)}</b>
            </span>
          ))}
        </span>
      </p>
      <Facts
        rows={[
          [words.envelope, sizes(machine.envelope_mm)],
          machine.min_feature_mm > 0 ? [words.feature, millimetres(machine.min_feature_mm)] : null,
          machine.tolerance_mm > 0 ? [words.tolerance, millimetres(machine.tolerance_mm)] : null,
          machine.backlog_s > 0 ? [words.backlog, span(machine.backlog_s)] : null,
          rate ? [words.rates, rate] : null,
          energy
            ? [words.power, `${rough(energy.power_low_w)}–${rough(energy.power_high_w)}${thin}W`]
            : null,
          energy && energy.grid_gco2e_per_kwh > 0
            ? [words.grid, `${rough(energy.grid_gco2e_per_kwh)}${thin}g CO₂e/kWh`]
            : null,
        ]}
      />
    </>
  );
}
