// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them: few digits, always a unit, never more than is known. Pure.

import type { Grams, Money } from '../api/types.ts';

const locale = 'en-GB';
// A narrow space that does not break, between number and unit.
export const thin = '\u202f';

const formats = new Map<string, Intl.NumberFormat>();

function number(value: number, digits: number): string {
  const name = `${digits}`;
  let format = formats.get(name);
  if (!format) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    formats.set(name, format);
  }
  return format.format(value);
}

// To about three digits: 0.384, 3.84, 38.4, 384.
export function rough(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return number(Math.round(value), 0);
  if (size >= 10) return number(value, 1);
  if (size >= 1) return number(value, 2);
  return number(value, 3);
}

export function count(value: number): string {
  return number(value, 0);
}

export function kilometres(km: number | null): string {
  if (km === null) return '\u2013';
  if (km < 1) return `${number(Math.round(km * 100) * 10, 0)}${thin}m`;
  if (km < 100) return `${number(km, 1)}${thin}km`;
  return `${number(km, 0)}${thin}km`;
}

export function millimetres(mm: number): string {
  return `${number(mm, 2)}${thin}mm`;
}

export function sizes(mm: readonly number[]): string {
  return `${mm.map((side) => number(side, side < 100 ? 1 : 0)).join(' × ')}${thin}mm`;
}

// Two units at most: "2 d 4 h", "3 h 20 min", "45 s".
export function span(seconds: number): string {
  if (!Number.isFinite(seconds)) return '\u2013';
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return `${s}${thin}s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return `${minutes}${thin}min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 24) return rest ? `${hours}${thin}h ${rest}${thin}min` : `${hours}${thin}h`;
  const allHours = Math.round(minutes / 60);
  const days = Math.floor(allHours / 24);
  const left = allHours % 24;
  return left && days < 10 ? `${days}${thin}d ${left}${thin}h` : `${count(days)}${thin}d`;
}

// Exact: a price is whole numbers of the smallest unit.
export function money(price: Money | null): string {
  if (!price) return '\u2013';
  const sign = price.minor < 0 ? '\u2212' : '';
  const digits = String(Math.abs(price.minor)).padStart(price.decimals + 1, '0');
  const whole = digits.slice(0, digits.length - price.decimals);
  const part = digits.slice(digits.length - price.decimals);
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${sign}${grouped}${part ? `.${part}` : ''}${thin}${price.currency}`;
}

export function grams(g: number): string {
  if (Math.abs(g) >= 1_000_000) return `${rough(g / 1_000_000)}${thin}t`;
  if (Math.abs(g) >= 1000) return `${rough(g / 1000)}${thin}kg`;
  if (g !== 0 && Math.abs(g) < 0.1) return `<${thin}0.1${thin}g`;
  return `${number(g, Math.abs(g) < 10 ? 1 : 0)}${thin}g`;
}

// "low to high" in the unit of the larger.
export function gramsRange(range: Grams): string {
  const large = Math.abs(range.high_g);
  const [unit, by] = large >= 1_000_000 ? ['t', 1e6] : large >= 1000 ? ['kg', 1e3] : ['g', 1];
  const show = (g: number) => (unit === 'g' ? number(g, g < 10 ? 1 : 0) : rough(g / by));
  return `${show(range.low_g)}\u2013${show(range.high_g)}${thin}${unit}`;
}

export function percent(share: number, digits = 0): string {
  const shown = share * 100;
  if (digits === 0 && shown > 0 && shown < 1) return `<${thin}1${thin}%`;
  return `${number(shown, digits)}${thin}%`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size}${thin}B`;
  if (size < 1_000_000) return `${rough(size / 1000)}${thin}kB`;
  return `${rough(size / 1_000_000)}${thin}MB`;
}

// "45.764 N, 4.836 E"; three digits are about 100 m, which is as coarse as a place may be shown.
export function place(at: { latitude_deg: number; longitude_deg: number }, digits = 3): string {
  const one = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(digits)}°${thin}${value < 0 ? minus : plus}`;
  return `${one(at.latitude_deg, 'N', 'S')}, ${one(at.longitude_deg, 'E', 'W')}`;
}

export function shortId(id: string): string {
  return id.length > 10 ? id.slice(0, 8) : id;
}

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const dayYear = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const utcDay = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

export function moment(text: string | null, now: number, seconds = false): string {
  if (!text) return '\u2013';
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return '\u2013';
  const today = new Date(now);
  const time = (seconds ? clockSeconds : clock).format(at);
  if (at.toDateString() === today.toDateString()) return time;
  return `${(at.getFullYear() === today.getFullYear() ? day : dayYear).format(at)}, ${time}`;
}

// Days are 24 hours of the router's steady time. When its clock was set meanwhile they begin at some
// other hour than midnight; the middle of one lies in the day that people mean.
export function middleOfDay(from: string): number {
  return Date.parse(from) + 43_200_000;
}

// A day of the router's calendar, which is that of UTC wherever it is read.
export function dayOf(text: string | number): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? '\u2013' : utcDay.format(at);
}
