// SPDX-License-Identifier: GPL-3.0-or-later

import { describe, expect, test } from 'vitest';

import { distanceKm } from '../../src/figures/places.ts';
import {
  isWorld,
  panned,
  placeAt,
  projectionOf,
  scaleBar,
  viewOfAll,
  zoomed,
} from '../../src/map/view.ts';

const size = { width: 800, height: 600 };
const lyon = { latitude_deg: 45.764, longitude_deg: 4.8357 };
const grenoble = { latitude_deg: 45.1885, longitude_deg: 5.7245 };
const auckland = { latitude_deg: -36.85, longitude_deg: 174.76 };

describe('the view', () => {
  test('distances from the middle are true, at any place', () => {
    for (const at of [lyon, auckland, { latitude_deg: 78, longitude_deg: 15 }]) {
      const view = { at, km_per_px: 0.5 };
      const to = {
        latitude_deg: at.latitude_deg - 0.7,
        longitude_deg: at.longitude_deg + 1.1,
      };
      const [x, y] = projectionOf(view, size)([to.longitude_deg, to.latitude_deg]) ?? [0, 0];
      const km = Math.hypot(x - 400, y - 300) * 0.5;
      expect(km).toBeCloseTo(distanceKm(at, to), 1);
    }
  });

  test('all places are in sight, with room round them', () => {
    for (const places of [[lyon], [lyon, grenoble], [lyon, grenoble, auckland], []]) {
      const view = viewOfAll(places, size);
      const project = projectionOf(view, size);
      for (const place of places) {
        const [x, y] = project([place.longitude_deg, place.latitude_deg]) ?? [NaN, NaN];
        expect(x).toBeGreaterThan(10);
        expect(x).toBeLessThan(790);
        expect(y).toBeGreaterThan(10);
        expect(y).toBeLessThan(590);
      }
    }
    expect(isWorld(viewOfAll([lyon, auckland], size), size)).toBe(true);
  });

  test('what is under the pointer stays there while the scale changes', () => {
    const view = { at: lyon, km_per_px: 1 };
    const before = placeAt(view, size, 620, 180);
    const after = placeAt(zoomed(view, size, 1.7, 620, 180), size, 620, 180);
    expect(before && after && distanceKm(before, after)).toBeLessThan(0.5);
  });

  test('a drag there and back comes back, but for the turn of the meridians', () => {
    const view = { at: lyon, km_per_px: 1 };
    const back = panned(panned(view, size, 120, -60), size, -120, 60);
    expect(distanceKm(back.at, lyon)).toBeLessThan(4);
  });

  test('no key and no wheel leads out of the world', () => {
    let view = viewOfAll([lyon], size);
    for (let i = 0; i < 60; ++i) view = panned(view, size, 0, 300);
    expect(Math.abs(view.at.latitude_deg)).toBeLessThanOrEqual(85);
    for (let i = 0; i < 60; ++i) view = zoomed(view, size, 0.5, 10, 10);
    expect(view.km_per_px).toBeLessThan(200);
    for (let i = 0; i < 80; ++i) view = zoomed(view, size, 2, 400, 300);
    expect(view.km_per_px).toBeGreaterThan(0.001);
  });

  test('the scale bar is a round number of km', () => {
    expect(scaleBar({ at: lyon, km_per_px: 1 }, 110)).toEqual({ km: 100, px: 100 });
    expect(scaleBar({ at: lyon, km_per_px: 0.33 }, 110).km).toBe(20);
  });
});
