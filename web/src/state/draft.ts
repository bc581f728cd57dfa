// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked for: how it is made, how often, where it is used. Kept in the tab over a reload.

import { computed, effect, signal } from '@preact/signals';

import type { JobQuestion, JobRequest, Place, Preference } from '../api/types.ts';
import { readPlace } from '../figures/places.ts';
import { isFlat } from '../preview/kinds.ts';
import { texts } from '../texts.ts';
import { check, design, stage } from './design.ts';
import { keep, kept } from './storage.ts';

export interface Draft {
  process: string; // '': as the file suggests.
  material: string;
  quantity: string;
  thickness: string;
  unit: string;
  licence: string;
  title: string;
  place: string;
  prefer: Preference;
  currency: string;
  deadline: string;
  minFeature: string;
  redo: string;
}

const usual: Draft = {
  process: '',
  material: '',
  quantity: '1',
  thickness: '',
  unit: '',
  licence: '',
  title: '',
  place: '',
  prefer: 'nearest',
  currency: 'EUR',
  deadline: '',
  minFeature: '',
  redo: 'never',
};

export const draft = signal<Draft>({ ...usual, ...kept<Partial<Draft>>('session', 'draft') });
effect(() => {
  keep('session', 'draft', draft.value);
});

export function change(part: Partial<Draft>): void {
  draft.value = { ...draft.value, ...part };
}

export const process = computed(
  () => draft.value.process || (design.value && isFlat(design.value.kind) ? 'laser_cut' : 'fdm'),
);

// What is cut from a sheet by this process needs to know of which.
export const needsSheet = computed(
  () =>
    ['laser_cut', 'plasma_cut', 'waterjet', 'vinyl_cut', 'laser_engrave'].includes(process.value) ||
    (design.value !== null && isFlat(design.value.kind)),
);

const usual_material: Record<string, string> = {
  fdm: 'pla',
  sla: 'resin_std',
  sls: 'pa12',
  pbf_metal: 'stainless_304',
  laser_cut: 'plywood_birch',
  cnc_mill: 'plywood_birch',
};

export const material = computed(
  () => draft.value.material || usual_material[process.value] || 'pla',
);

function positive(text: string): number | null {
  const value = Number(text.replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0 ? value : null;
}

export const quantity = computed(() => {
  const value = positive(draft.value.quantity);
  return value !== null && Number.isInteger(value) && value <= 1000 ? value : null;
});

export const useAt = computed<Place | null>(() => readPlace(draft.value.place));

// What is missing before the network can be asked; null: nothing.
export const missing = computed<string | null>(() => {
  const needs = texts.submit;
  if (!design.value) return needs.needsFile;
  if (stage.value === 'hashing' || stage.value === 'uploading' || stage.value === 'stopped') {
    return needs.needsUpload;
  }
  if (check.value?.error || stage.value === 'failed') return needs.needsCheck;
  if (!useAt.value) return needs.needsPlace;
  if (!draft.value.licence.trim()) return needs.needsLicence;
  if (quantity.value === null) return needs.quantity;
  const plate = check.value?.plate_thickness_mm;
  if (needsSheet.value && positive(draft.value.thickness) === null && !plate) {
    return needs.needsThickness;
  }
  return null;
});

export const question = computed<JobQuestion | null>(() => {
  const known = design.value;
  const at = useAt.value;
  if (missing.value !== null || !known || !at || quantity.value === null) return null;
  const asked = draft.value;
  const thickness = positive(asked.thickness);
  const feature = positive(asked.minFeature);
  return {
    parts: [
      {
        design: known.design,
        design_bytes: known.size,
        file_name: known.name,
        process: process.value,
        material: material.value,
        quantity: quantity.value,
        ...(needsSheet.value && thickness ? { thickness_mm: thickness } : {}),
        ...(feature ? { min_feature_mm: feature } : {}),
        ...(asked.unit ? { unit: asked.unit } : {}),
      },
    ],
    at,
    licence: asked.licence.trim(),
    prefer: asked.prefer,
    ...(asked.prefer === 'cheapest' && asked.currency.trim()
      ? { currency: asked.currency.trim().toUpperCase() }
      : {}),
    ...(asked.deadline ? { deadline: new Date(asked.deadline).toISOString() } : {}),
  };
});

export const request = computed<JobRequest | null>(() => {
  const asked = question.value;
  if (!asked) return null;
  const title = draft.value.title.trim();
  const { redo } = draft.value;
  return {
    ...asked,
    ...(title ? { title } : {}),
    ...(redo === 'never' ? {} : { redo_after: redo }),
  };
});
