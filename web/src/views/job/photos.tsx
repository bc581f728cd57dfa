// SPDX-License-Identifier: GPL-3.0-or-later
// What operators photographed when they inspected the pieces.

import { useEffect, useState } from 'preact/hooks';

import type { Job, Photo } from '../../api/types.ts';
import { PhotoPicture } from '../../parts/photo_picture.tsx';
import { titleOfFab } from '../../state/fabs.ts';
import { client } from '../../state/session.ts';
import { texts } from '../../texts.ts';

const words = texts.job;
// Before, nobody can have looked at a piece; and a bad one is made again.
const begun = new Set(['produced', 'inspected', 'delivered', 'in_doubt', 'failed_final']);

export function Photos({ job }: { job: Job }) {
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const looked = job.work_orders.some((order) => begun.has(order.state) || order.attempts > 1);
  // Two steps may come within the same second, so the time of the last change does not tell them apart.
  const steps = job.work_orders.map((order) => `${order.epoch} ${order.state}`).join();
  useEffect(() => {
    if (!looked) return undefined;
    const gone = new AbortController();
    client
      .photos(job.job, gone.signal)
      .then((told) => setPhotos(told.photos))
      // They are no part of the job's life: without them everything else is shown.
      .catch(() => undefined);
    return () => gone.abort();
  }, [job.job, steps, looked]);
  if (photos.length === 0) return null;
  const number = (order: string) =>
    job.work_orders.findIndex((one) => one.work_order === order) + 1;
  return (
    <section class="card" aria-label={words.photos}>
      <h2>{words.photos}</h2>
      {photos.map((photo) => (
        <PhotoPicture
          key={`${photo.work_order} ${photo.epoch}`}
          order={photo.work_order}
          epoch={photo.epoch}
          label={words.photoOf(number(photo.work_order), titleOfFab(photo.fab))}
        />
      ))}
    </section>
  );
}
