// SPDX-License-Identifier: GPL-3.0-or-later
// Which part of the globe is seen. Close up the map is centred and true in its distances from the
// middle (azimuthal equidistant); the whole world is drawn in Natural Earth. Pure.

import { geoAzimuthalEquidistant, geoNaturalEarth1, type GeoProjection } from 'd3-geo';

import type { Place } from '../api/types.ts';
import { distanceKm } from '../figures/places.ts';

export interface View {
  at: Place; // The middle.
  km_per_px: number; // In the middle.
}

export interface Size {
  width: number;
  height: number;
}

const earth_km = 6371.0088;
const whole_world_km = 12_000; // A picture wider than this is of the world.
const finest = 0.01;

export function isWorld(view: View, size: Size): boolean {
  return view.km_per_px * Math.max(size.width, size.height) > whole_world_km;
}

export function projectionOf(view: View, size: Size): GeoProjection {
  const { longitude_deg: lon, latitude_deg: lat } = view.at;
  const scale = earth_km / view.km_per_px;
  if (isWorld(view, size)) {
    const flat = geoNaturalEarth1().rotate([-lon, 0]).scale(scale).translate([0, 0]);
    const middle = flat([lon, lat]) ?? [0, 0];
    return flat.translate([size.width / 2, size.height / 2 - middle[1]]);
  }
  const reach = (Math.hypot(size.width, size.height) / 2) * view.km_per_px;
  const angle = Math.min(179.9, (reach / earth_km) * (180 / Math.PI) * 1.1 + 0.01);
  return geoAzimuthalEquidistant()
    .rotate([-lon, -lat])
    .scale(scale)
    .translate([size.width / 2, size.height / 2])
    .clipAngle(angle)
    .precision(0.7);
}

export function placeAt(view: View, size: Size, x: number, y: number): Place | null {
  const found = projectionOf(view, size).invert?.([x, y]);
  if (!found || !Number.isFinite(found[0]) || !Number.isFinite(found[1])) return null;
  if (Math.abs(found[1]) > 90) return null;
  return { longitude_deg: wrapped(found[0]), latitude_deg: found[1] };
}

export function wrapped(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

function bounded(view: View, size: Size): View {
  const coarsest = 40_000 / Math.max(200, Math.min(size.width, size.height * 2));
  return {
    at: {
      longitude_deg: wrapped(view.at.longitude_deg),
      latitude_deg: Math.max(-85, Math.min(85, view.at.latitude_deg)),
    },
    km_per_px: Math.max(finest, Math.min(coarsest, view.km_per_px)),
  };
}

export function panned(view: View, size: Size, dx: number, dy: number): View {
  const to = placeAt(view, size, size.width / 2 - dx, size.height / 2 - dy);
  if (to) return bounded({ ...view, at: to }, size);
  const degrees = view.km_per_px / 111;
  return bounded(
    {
      ...view,
      at: {
        longitude_deg: view.at.longitude_deg - dx * degrees,
        latitude_deg: view.at.latitude_deg + dy * degrees,
      },
    },
    size,
  );
}

// What is under (x, y) stays there as well as the projection lets it.
export function zoomed(view: View, size: Size, by: number, x: number, y: number): View {
  const under = placeAt(view, size, x, y);
  let next = bounded({ ...view, km_per_px: view.km_per_px / by }, size);
  if (!under || isWorld(next, size)) return next;
  // Moving turns the map a little about its middle, so the second step mends the first.
  for (let step = 0; step < 3; ++step) {
    const now = projectionOf(next, size)([under.longitude_deg, under.latitude_deg]);
    if (!now || !Number.isFinite(now[0] + now[1])) return next;
    next = panned(next, size, x - now[0], y - now[1]);
  }
  return next;
}

function middleOf(places: readonly Place[]): Place {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const place of places) {
    const lat = (place.latitude_deg * Math.PI) / 180;
    const lon = (place.longitude_deg * Math.PI) / 180;
    x += Math.cos(lat) * Math.cos(lon);
    y += Math.cos(lat) * Math.sin(lon);
    z += Math.sin(lat);
  }
  return {
    latitude_deg: (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI,
    longitude_deg: (Math.atan2(y, x) * 180) / Math.PI,
  };
}

export function viewOfAll(places: readonly Place[], size: Size): View {
  const all: View = {
    at: { latitude_deg: 12, longitude_deg: 10 },
    km_per_px: 40_000 / Math.max(200, size.width),
  };
  if (places.length === 0) return bounded(all, size);
  // Twice: the middle of the extremes shows more evenly than the middle of the crowd.
  let at = middleOf(places);
  const farthest = places.reduce((a, b) => (distanceKm(at, a) > distanceKm(at, b) ? a : b));
  const opposite = places.reduce((a, b) =>
    distanceKm(farthest, a) > distanceKm(farthest, b) ? a : b,
  );
  at = middleOf([farthest, opposite]);
  const reach = Math.max(12, ...places.map((place) => distanceKm(at, place)));
  if (reach > 5500) return bounded({ ...all, at: { ...all.at, longitude_deg: 10 } }, size);
  const room = Math.max(80, Math.min(size.width, size.height) - 96);
  return bounded({ at, km_per_px: (2 * reach) / room }, size);
}

// A round number of km that is about `px` wide.
export function scaleBar(view: View, px: number): { km: number; px: number } {
  const km = view.km_per_px * px;
  const power = 10 ** Math.floor(Math.log10(km));
  const round = [5, 2, 1].map((n) => n * power).find((n) => n <= km) ?? power;
  return { km: round, px: round / view.km_per_px };
}
