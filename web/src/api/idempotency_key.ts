// SPDX-License-Identifier: GPL-3.0-or-later
// A name for one thing that is to be done once, however often it is said. (crypto.randomUUID is
// not there on pages that came over plain HTTP from another machine.)

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')}`;
}
