// SPDX-License-Identifier: GPL-3.0-or-later
// The land of the world, from the page's own files: coarse at first, finer when one looks closely.

import { signal } from '@preact/signals';
import type { MultiLineString, MultiPolygon, Polygon } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryObject, Topology } from 'topojson-specification';
import coarse from 'world-atlas/countries-110m.json?url';
import fine from 'world-atlas/countries-50m.json?url';

export interface World {
  land: MultiPolygon;
  borders: MultiLineString;
}

export const world = signal<World | null>(null);
let asked: 'none' | 'coarse' | 'fine' = 'none';

type Atlas = Topology<{ land: GeometryObject; countries: GeometryObject }>;

async function read(url: string): Promise<World> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the map answered ${answer.status}`);
  const atlas = (await answer.json()) as Atlas;
  const land = feature(atlas, atlas.objects.land);
  const shapes = land.type === 'FeatureCollection' ? land.features : [land];
  const coordinates: MultiPolygon['coordinates'] = [];
  for (const one of shapes) {
    const shape = one.geometry as Polygon | MultiPolygon;
    if (shape.type === 'Polygon') coordinates.push(shape.coordinates);
    else coordinates.push(...shape.coordinates);
  }
  return {
    land: { type: 'MultiPolygon', coordinates },
    borders: mesh(atlas, atlas.objects.countries as never, (a, b) => a !== b),
  };
}

// Without it the map is still a map of places and distances.
export async function loadWorld(detail: 'coarse' | 'fine'): Promise<void> {
  if (asked === detail || asked === 'fine') return;
  asked = detail;
  try {
    world.value = await read(detail === 'coarse' ? coarse : fine);
  } catch {
    asked = world.value ? 'coarse' : 'none';
  }
}
