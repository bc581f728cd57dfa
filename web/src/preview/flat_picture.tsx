// SPDX-License-Identifier: GPL-3.0-or-later
// A drawing as it lies on the sheet, with what was found marked.

import { useEffect, useMemo, useState } from 'preact/hooks';

import type { Check } from '../api/types.ts';
import { sizes } from '../figures/format.ts';
import { Loading } from '../parts/notice.tsx';
import { texts } from '../texts.ts';
import { flatBounds, type Drawing } from './drawing.ts';
import { readDxf } from './dxf.ts';
import type { FileKind } from './kinds.ts';
import type { Mark } from './marks.ts';
import { Unreadable } from './mesh.ts';
import { readSvg } from './svg.ts';

const file_max = 40 * 1024 * 1024;

function pathOf(drawing: Drawing): string {
  const out: string[] = [];
  for (const { points, closed } of drawing.lines) {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = (points[i] as number).toFixed(3);
      const y = (-(points[i + 1] as number)).toFixed(3);
      out.push(`${i === 0 ? 'M' : 'L'}${x} ${y}`);
    }
    if (closed) out.push('Z');
  }
  return out.join('');
}

export function FlatPicture({
  file,
  kind,
  check,
  marks,
  chosen,
}: {
  file: File;
  kind: FileKind;
  check: Check | null;
  marks: readonly Mark[];
  chosen: number | null;
}) {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [near, setNear] = useState(1);

  useEffect(() => {
    let given = false;
    setDrawing(null);
    setFailed(null);
    setNear(1);
    if (file.size > file_max) {
      setFailed(texts.preview.tooBig);
      return undefined;
    }
    file.arrayBuffer().then(
      (buffer) => {
        if (given) return;
        try {
          const bytes = new Uint8Array(buffer);
          setDrawing(kind === 'svg' ? readSvg(bytes) : readDxf(bytes));
        } catch (thrown) {
          const words = thrown instanceof Unreadable ? thrown.message : 'it is broken';
          setFailed(texts.preview.unreadable(words));
        }
      },
      () => !given && setFailed(texts.preview.unreadable('the file has changed on the disk')),
    );
    return () => {
      given = true;
    };
  }, [file, kind]);

  const own = useMemo(() => (drawing ? flatBounds(drawing) : null), [drawing]);
  const path = useMemo(() => (drawing ? pathOf(drawing) : ''), [drawing]);
  if (failed) {
    return (
      <div class="picture">
        <p class="picture-over">{failed}</p>
      </div>
    );
  }
  if (!drawing || !own) {
    return (
      <div class="picture">
        <div class="picture-over">
          <Loading words={texts.preview.loading} />
        </div>
      </div>
    );
  }
  // The router may count in another unit than the file's numbers say here.
  const told = check?.bounds_mm;
  const wide = own.max[0] - own.min[0];
  const high = own.max[1] - own.min[1];
  const toldWide = told ? (told.max[0] ?? 0) - (told.min[0] ?? 0) : wide;
  const by =
    !drawing.stated && wide > 0 && toldWide > 0 && check?.unit_origin === 'given'
      ? toldWide / wide
      : 1;
  const pad = Math.max(wide, high) * 0.07 + 1;
  const box = [own.min[0] - pad, -own.max[1] - pad, wide + 2 * pad, high + 2 * pad] as const;
  const mid = [box[0] + box[2] / 2, box[1] + box[3] / 2] as const;
  const viewBox = [
    mid[0] - box[2] / near / 2,
    mid[1] - box[3] / near / 2,
    box[2] / near,
    box[3] / near,
  ];
  const radius = (Math.max(box[2], box[3]) / near) * 0.018;
  return (
    <div class="picture">
      <svg
        class="flat"
        data-picture="shown"
        viewBox={viewBox.map((one) => one.toFixed(3)).join(' ')}
        role="img"
        aria-label={texts.preview.label(file.name)}
      >
        <path class="flat-lines" d={path} vector-effect="non-scaling-stroke" />
        {marks.map((mark) => {
          const x = (mark.at[0] ?? 0) / by;
          const y = -(mark.at[1] ?? 0) / by;
          return (
            <g
              key={mark.number}
              class={`flat-mark ${mark.severity}${mark.number === chosen ? ' chosen' : ''}`}
            >
              <circle
                cx={x}
                cy={y}
                r={radius * (mark.number === chosen ? 1.5 : 1)}
                vector-effect="non-scaling-stroke"
              />
              <text
                x={x}
                y={y}
                font-size={radius * 1.2}
                text-anchor="middle"
                dominant-baseline="central"
              >
                {mark.number}
              </text>
            </g>
          );
        })}
      </svg>
      <div class="picture-foot">
        <span>{sizes([wide * by, high * by])}</span>
        <span class="picture-ways">
          <button
            type="button"
            class="button small plain"
            aria-label={texts.board.zoomIn}
            onClick={() => setNear(Math.min(40, near * 1.6))}
          >
            +
          </button>
          <button
            type="button"
            class="button small plain"
            aria-label={texts.board.zoomOut}
            onClick={() => setNear(Math.max(1, near / 1.6))}
          >
            −
          </button>
        </span>
      </div>
    </div>
  );
}
