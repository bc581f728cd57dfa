// SPDX-License-Identifier: GPL-3.0-or-later
// Places as a person types them, and distances on the globe. Pure.

import type { Place } from '../api/types.ts';

const earth_km = 6371.0088; // The mean radius of WGS 84; the router has the same.

export function distanceKm(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const dLat = (b.latitude_deg - a.latitude_deg) * rad;
  const dLon = (b.longitude_deg - a.longitude_deg) * rad;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.latitude_deg * rad) * Math.cos(b.latitude_deg * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * earth_km * Math.asin(Math.min(1, Math.sqrt(h)));
}

// "45.764, 4.8357", "45.764 4.8357", "45.764 N, 4.836 W", "45,764; 4,8357"; null: not a place.
export function readPlace(text: string): Place | null {
  const words = text.trim().replace(/\u202f|\u00a0|°/g, ' ');
  const pattern =
    /^([+-]?\d{1,3}(?:[.,]\d+)?)\s*([NSns])?\s*[;, ]\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*([EWew])?$/;
  const read = pattern.exec(words.replace(/\s+/g, ' '));
  if (!read) return null;
  const latitude = degrees(read[1], read[2], 'S');
  const longitude = degrees(read[3], read[4], 'W');
  if (latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { latitude_deg: latitude, longitude_deg: longitude };
}

function degrees(digits: string | undefined, letter: string | undefined, minus: string) {
  const value = Number((digits ?? '').replace(',', '.'));
  if (!Number.isFinite(value)) return null;
  return letter?.toUpperCase() === minus ? -value : value;
}

export function placeText(at: Place): string {
  return `${at.latitude_deg.toFixed(4)}, ${at.longitude_deg.toFixed(4)}`;
}

// Distances of rings round a place: a few round numbers, the last beyond the farthest.
export function ringsFor(farthest_km: number): number[] {
  const top = Math.max(farthest_km, 0.5);
  const rough = top / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999) ?? power * 10;
  const rings: number[] = [];
  for (let i = 1; i * step <= 20_000 && rings.length < 5; ++i) {
    rings.push(Number((i * step).toPrecision(6)));
    if (i * step >= top) break;
  }
  return rings;
}
