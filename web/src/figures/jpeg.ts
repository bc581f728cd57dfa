// SPDX-License-Identifier: GPL-3.0-or-later
// A JPEG without what its encoder wrote beside the picture. Pure.

// Whatever the segment is called, the router takes JFIF, colour profiles and Adobe's colour mark
// among the application segments, and no comments. Safari writes Exif even when it draws anew.
function belongs(marker: number, content: Uint8Array): boolean {
  const text = (from: number, to: number) => String.fromCharCode(...content.subarray(from, to));
  if (marker === 0xe0) {
    return content.length === 14 && text(0, 5) === 'JFIF\0' && text(12, 14) === '\0\0';
  }
  if (marker === 0xe2) return text(0, 12) === 'ICC_PROFILE\0';
  if (marker === 0xee) return content.length === 12 && text(0, 5) === 'Adobe';
  return !(marker >= 0xe0 && marker <= 0xef) && marker !== 0xfe;
}

// Up to the first scan; what follows is the coded picture. The bytes as they are when they are no
// JPEG: whoever reads them will say so.
export function pictureOnly(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return bytes;
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 3 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (belongs(marker, bytes.subarray(at + 4, end))) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  const whole = new Uint8Array(kept.reduce((sum, one) => sum + one.length, 0));
  let to = 0;
  for (const one of kept) {
    whole.set(one, to);
    to += one.length;
  }
  return whole;
}
