// SPDX-License-Identifier: GPL-3.0-or-later
// A photo that only a token may read: fetched, shown, and let go with the page that shows it.

import { useEffect, useState } from 'preact/hooks';

import { client } from '../state/session.ts';

export function PhotoPicture({
  order,
  epoch,
  label,
}: {
  order: string;
  epoch: number;
  label: string;
}) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    let made: string | null = null;
    client
      .photo(order, epoch, gone.signal)
      .then((bytes) => {
        if (gone.signal.aborted) return;
        made = URL.createObjectURL(bytes);
        setAddress(made);
      })
      // The list that told of it is read again when something changes.
      .catch(() => setAddress(null));
    return () => {
      gone.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [order, epoch]);
  if (!address) return null;
  return <img class="photo" src={address} alt={label} data-photo={order} />;
}
