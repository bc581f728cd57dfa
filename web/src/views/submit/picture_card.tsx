// SPDX-License-Identifier: GPL-3.0-or-later

import { FlatPicture } from '../../preview/flat_picture.tsx';
import { isFlat } from '../../preview/kinds.ts';
import type { Mark } from '../../preview/marks.ts';
import { SolidPicture } from '../../preview/solid_picture.tsx';
import { check, design, file } from '../../state/design.ts';
import { texts } from '../../texts.ts';

export function PictureCard({ marks, chosen }: { marks: readonly Mark[]; chosen: number | null }) {
  const content = file.value;
  const known = design.value;
  if (!content || !known) {
    return (
      <section class="card picture-card none" aria-label={texts.preview.none}>
        <div class="picture">
          <p class="picture-over quiet">{texts.preview.none}</p>
        </div>
      </section>
    );
  }
  // 3MF is read in millimetres already; the others are in what the router says they are in.
  const scale = known.kind === '3mf' ? 1 : (check.value?.unit_mm ?? 1);
  return (
    <section class="card picture-card" aria-label={texts.preview.label(known.name)}>
      {isFlat(known.kind) ? (
        <FlatPicture
          file={content}
          kind={known.kind}
          check={check.value}
          marks={marks}
          chosen={chosen}
        />
      ) : (
        <SolidPicture
          file={content}
          kind={known.kind}
          scale={scale}
          marks={marks}
          chosen={chosen}
        />
      )}
    </section>
  );
}
