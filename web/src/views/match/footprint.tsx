// SPDX-License-Identifier: GPL-3.0-or-later
// Grams of CO2e with their range, parts and sources. A figure without its range is not shown.

import type { Footprint, FootprintBasis, Grams } from '../../api/types.ts';
import { grams, gramsRange } from '../../figures/format.ts';
import { titleOfFab } from '../../state/fabs.ts';
import { texts } from '../../texts.ts';

const words = texts.submit;
const wide = 120;

// From the low to the high figure on one scale for all candidates, the typical one marked.
export function RangeBar({ range, top }: { range: Grams; top: number }) {
  const x = (g: number) => (top > 0 ? (Math.max(0, g) / top) * wide : 0);
  return (
    <svg class="range" viewBox={`0 0 ${wide} 10`} width={wide} height="10" aria-hidden="true">
      <line x1="0" y1="5" x2={wide} y2="5" class="range-axis" />
      <rect
        class="range-span"
        x={x(range.low_g)}
        y="2"
        width={Math.max(2, x(range.high_g) - x(range.low_g))}
        height="6"
        rx="3"
      />
      <line class="range-typical" x1={x(range.typical_g)} x2={x(range.typical_g)} y1="0" y2="10" />
    </svg>
  );
}

export function FootprintSum({ footprint, top }: { footprint: Footprint | null; top: number }) {
  const sum = footprint?.sum ?? null;
  if (!footprint || !sum) return <span class="quiet">{words.footprintNone}</span>;
  return (
    <span class="footprint">
      <b class="number">{grams(sum.typical_g)}</b>
      <span class="quiet small number">{gramsRange(sum)}</span>
      <RangeBar range={sum} top={top} />
      {!footprint.complete && (
        <span class="small mood-attention">{words.footprintPart.replace(': ', '')}</span>
      )}
    </span>
  );
}

export function FootprintParts({ footprint }: { footprint: Footprint }) {
  const parts = ['material', 'energy', 'transport'] as const;
  return (
    <table class="table narrow">
      <thead>
        <tr>
          <th>{words.footprint}</th>
          <th class="r">{texts.report.low}</th>
          <th class="r">{texts.report.typical}</th>
          <th class="r">{texts.report.high}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => {
          const range = footprint[part];
          return (
            <tr key={part}>
              <td>{words.footprintParts[part]}</td>
              {range ? (
                <>
                  <td class="r">{grams(range.low_g)}</td>
                  <td class="r">{grams(range.typical_g)}</td>
                  <td class="r">{grams(range.high_g)}</td>
                </>
              ) : (
                <td class="r quiet" colSpan={3}>
                  {words.footprintNone}
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function FootprintBases({ bases }: { bases: readonly FootprintBasis[] }) {
  if (bases.length === 0) return null;
  return (
    <details class="bases">
      <summary>{words.footprintHow}</summary>
      <p class="hint">{words.footprintNote}</p>
      <ul>
        {bases.map((basis) => (
          <li key={`${basis.share} ${basis.fab ?? ''} ${basis.machine ?? ''} ${basis.method}`}>
            <b>{words.footprintParts[basis.share] ?? basis.share}</b>
            {basis.fab && (
              <span class="quiet">
                {' '}
                {titleOfFab(basis.fab)} {basis.machine ?? ''}
              </span>
            )}
            <p>{basis.method}</p>
            <p class="quiet small">
              {basis.source} <span class="chip">{words.confidence(basis.confidence)}</span>
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
