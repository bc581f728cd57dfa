// SPDX-License-Identifier: GPL-3.0-or-later
// How large a photo is kept: enough to see what is wrong with a part. Pure.

export const photo_edge_max = 1600; // Pixels of the longer edge.
export const photo_bytes_max = 1024 * 1024; // The router takes no more.

export function photoSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, photo_edge_max / Math.max(width, height, 1));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
