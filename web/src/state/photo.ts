// SPDX-License-Identifier: GPL-3.0-or-later
// A photo from the camera, made small. It is drawn again, and what the browser's encoder adds is left
// out, so that nothing but the picture goes out: not where it was taken, nor when, nor with what.

import { Problem } from '../api/problem.ts';
import { pictureOnly } from '../figures/jpeg.ts';
import { photo_bytes_max, photoSize } from '../figures/photo_size.ts';

const qualities = [0.85, 0.7, 0.5];

export async function pictureAlone(file: Blob): Promise<Blob> {
  const unreadable = () =>
    new Problem(
      'refused',
      'This file is no picture that the browser can read.',
      'Take a photo, or choose a JPEG or PNG.',
    );
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw unreadable();
  }
  const { width, height } = photoSize(picture.width, picture.height);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw unreadable();
  // What is transparent in a drawing is white on paper.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  for (const quality of qualities) {
    const made = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/jpeg', quality);
    });
    if (!made) throw unreadable();
    const bytes = pictureOnly(new Uint8Array(await made.arrayBuffer()));
    if (bytes.length <= photo_bytes_max) {
      return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' });
    }
  }
  throw new Problem(
    'refused',
    'The photo is too large, even when it is made coarser.',
    'Take it from farther away, or choose another picture.',
  );
}
