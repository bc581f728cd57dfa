// SPDX-License-Identifier: GPL-3.0-or-later
// Where it is used: a click on the map, a pair of numbers, or where one is.

import { useMemo, useState } from 'preact/hooks';

import { moodOfFab } from '../../figures/fab_state.ts';
import { placeText } from '../../figures/places.ts';
import { MapCanvas } from '../../map/map_canvas.tsx';
import { TextField } from '../../parts/field.tsx';
import { change, draft, useAt } from '../../state/draft.ts';
import { fabs } from '../../state/fabs.ts';
import { texts } from '../../texts.ts';

const words = texts.submit;

export function WhereCard() {
  const [denied, setDenied] = useState(false);
  const all = fabs.value;
  const points = useMemo(
    () =>
      all.map((fab) => ({
        id: fab.fab,
        at: fab.place,
        mood: moodOfFab(fab),
        label: fab.title || fab.fab,
      })),
    [all],
  );
  const typed = draft.value.place;
  const find = () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setDenied(false);
        change({
          place: placeText({
            latitude_deg: coords.latitude,
            longitude_deg: coords.longitude,
          }),
        });
      },
      () => setDenied(true),
      { timeout: 10_000 },
    );
  };
  return (
    <section class="card" aria-label={words.where}>
      <h2>{words.where}</h2>
      <div class="where-map">
        <MapCanvas
          label={words.where}
          points={points}
          use={useAt.value}
          pick={(at) => change({ place: placeText(at) })}
        />
      </div>
      <div class="where-entry">
        <TextField
          label={words.placeLabel}
          hint={denied ? words.placeDenied : words.placeHint}
          fault={typed.trim() !== '' && !useAt.value ? words.placeWrong : null}
          max={60}
          value={typed}
          set={(place) => change({ place })}
        />
        {'geolocation' in navigator && isSecureContext && (
          <button type="button" class="button" onClick={find}>
            {words.placeHere}
          </button>
        )}
      </div>
    </section>
  );
}
