// SPDX-License-Identifier: GPL-3.0-or-later
// How it is made: process, material, how many, under which licence.

import { useEffect, useMemo, useRef } from 'preact/hooks';

import type { Preference } from '../../api/types.ts';
import { Choice, TextField } from '../../parts/field.tsx';
import { check, design, lookAgain, stage } from '../../state/design.ts';
import { change, draft, material, needsSheet, process, quantity } from '../../state/draft.ts';
import { fabs } from '../../state/fabs.ts';
import { me } from '../../state/session.ts';
import { isFlat } from '../../preview/kinds.ts';
import { texts } from '../../texts.ts';

const words = texts.submit;
const open_licences = [
  'CERN-OHL-P-2.0',
  'CERN-OHL-W-2.0',
  'CERN-OHL-S-2.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC0-1.0',
  'MIT',
  'Apache-2.0',
  'GPL-3.0-or-later',
];
const units = ['um', 'mm', 'cm', 'm', 'in', 'ft', 'px', 'px90', 'pt'];

function processOptions() {
  return (me.value?.processes ?? []).map((id) => {
    const verdict = check.value?.verdicts?.find((one) => one.process === id)?.verdict;
    const said = verdict && verdict !== 'unknown' ? ` – ${texts.check.verdict[verdict]}` : '';
    return { value: id, label: `${texts.process(id)}${said}` };
  });
}

export function HowCard() {
  const asked = draft.value;
  const by = process.value;
  const allFabs = fabs.value;
  const known = me.value?.materials ?? [];

  // What a fab has on a machine of this process comes first, with how many have it.
  const materialOptions = useMemo(() => {
    const holders = new Map<string, number>();
    for (const fab of allFabs) {
      const own = new Set<string>();
      for (const machine of fab.machines) {
        if (machine.process !== by) continue;
        for (const stock of machine.materials) if (stock.available_g > 0) own.add(stock.material);
      }
      for (const id of own) holders.set(id, (holders.get(id) ?? 0) + 1);
    }
    const ids = [...new Set([...known, ...holders.keys(), material.value])];
    ids.sort((a, b) => (holders.get(b) ?? 0) - (holders.get(a) ?? 0) || a.localeCompare(b));
    return ids.map((id) => {
      const at = holders.get(id);
      return {
        value: id,
        label: `${texts.material(id)}${at ? ` – ${at} ${at === 1 ? 'fab' : 'fabs'}` : ''}`,
      };
    });
  }, [allFabs, known, by, material.value]);

  // Another unit or sheet is another part: it is looked at again.
  const first = useRef(true);
  const looked = `${asked.unit}|${asked.thickness}`;
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    if (!design.value || (stage.value !== 'ready' && stage.value !== 'failed')) return undefined;
    const timer = setTimeout(() => lookAgain(draft.value), 700);
    return () => clearTimeout(timer);
  }, [looked]);

  // A drawing without its unit is taken nowhere; a solid without it is in millimetres.
  const unstated =
    design.value !== null && isFlat(design.value.kind) && check.value?.unit_origin === 'none';
  return (
    <section class="card" aria-label={words.how}>
      <h2>{words.how}</h2>
      <div class="fields">
        <Choice
          label={words.process}
          value={by}
          set={(value) => change({ process: value, material: '' })}
          options={processOptions()}
        />
        <Choice
          label={words.material}
          value={material.value}
          set={(value) => change({ material: value })}
          options={materialOptions}
        />
        <TextField
          label={words.quantity}
          mode="numeric"
          max={4}
          value={asked.quantity}
          set={(value) => change({ quantity: value })}
          fault={quantity.value === null ? '1 – 1000' : null}
        />
        {needsSheet.value && (
          <TextField
            label={words.thickness}
            unit="mm"
            mode="decimal"
            max={8}
            value={asked.thickness}
            set={(value) => change({ thickness: value })}
          />
        )}
        <TextField
          label={words.licence}
          hint={words.licenceHint}
          list={open_licences}
          value={asked.licence}
          set={(value) => change({ licence: value })}
        />
        <Choice
          label={words.prefer}
          value={asked.prefer}
          set={(value) => change({ prefer: value as Preference })}
          options={Object.entries(words.prefers).map(([value, label]) => ({
            value,
            label,
          }))}
        />
        {asked.prefer === 'cheapest' && (
          <TextField
            label={words.currency}
            max={8}
            value={asked.currency}
            set={(value) => change({ currency: value })}
          />
        )}
      </div>
      <details open={unstated}>
        <summary>{words.more}</summary>
        <div class="fields">
          <TextField
            label={words.titleLabel}
            hint={words.titleHint}
            value={asked.title}
            set={(value) => change({ title: value })}
          />
          <TextField
            label={words.deadline}
            type="datetime-local"
            value={asked.deadline}
            set={(value) => change({ deadline: value })}
          />
          <TextField
            label={words.minFeature}
            unit="mm"
            mode="decimal"
            max={8}
            value={asked.minFeature}
            set={(value) => change({ minFeature: value })}
          />
          <Choice
            label={words.redo}
            hint={words.redoHint}
            wide
            value={asked.redo}
            set={(value) => change({ redo: value })}
            options={Object.entries(words.redos).map(([value, label]) => ({
              value,
              label,
            }))}
          />
          <Choice
            label={words.unit}
            hint={words.unitHint}
            value={asked.unit}
            set={(value) => change({ unit: value })}
            options={[
              { value: '', label: words.unitAuto },
              ...units.map((unit) => ({ value: unit, label: unit })),
            ]}
          />
        </div>
      </details>
    </section>
  );
}
