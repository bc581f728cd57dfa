// SPDX-License-Identifier: GPL-3.0-or-later
// The frame round the 3D picture: what is loading, what failed, keys and views.

import { useEffect, useRef, useState } from 'preact/hooks';

import { count } from '../figures/format.ts';
import { Loading } from '../parts/notice.tsx';
import { colours } from '../state/theme.ts';
import { texts } from '../texts.ts';
import type { FileKind } from './kinds.ts';
import type { Mark } from './marks.ts';
import { Unreadable } from './mesh.ts';
import { meshInThread } from './mesh_thread.ts';
import type { SolidView } from './solid_view.ts';

const file_max = 160 * 1024 * 1024;
const ways = ['all', 'front', 'side', 'top'] as const;

export function SolidPicture({
  file,
  kind,
  scale,
  marks,
  chosen,
}: {
  file: File;
  kind: FileKind;
  scale: number;
  marks: readonly Mark[];
  chosen: number | null;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<SolidView | null>(null);
  const [state, setState] = useState<'loading' | 'shown' | string>('loading');
  const [triangles, setTriangles] = useState(0);

  useEffect(() => {
    const given = new AbortController();
    setState('loading');
    if (file.size > file_max) {
      setState(texts.preview.tooBig);
      return undefined;
    }
    void (async () => {
      try {
        const [positions, code] = await Promise.all([
          meshInThread(kind, file, given.signal),
          import('./solid_view.ts'),
        ]);
        if (given.signal.aborted || !frame.current) return;
        setTriangles(positions.length / 9);
        view.current = code.openSolid(frame.current, positions, scale);
        view.current.setMarks(marks, chosen);
        setState('shown');
      } catch (thrown) {
        if (given.signal.aborted) return;
        setState(
          thrown instanceof Unreadable
            ? texts.preview.unreadable(thrown.message)
            : texts.preview.failed,
        );
      }
    })();
    return () => {
      given.abort();
      view.current?.close();
      view.current = null;
    };
  }, [file, kind, scale]);

  useEffect(() => view.current?.setMarks(marks, chosen), [marks, chosen]);
  const scheme = colours.value;
  useEffect(() => view.current?.recolour(), [scheme]);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = view.current;
    const turns: Record<string, [number, number]> = {
      ArrowLeft: [-0.2, 0],
      ArrowRight: [0.2, 0],
      ArrowUp: [0, 0.2],
      ArrowDown: [0, -0.2],
    };
    const turn = turns[event.key];
    if (!at) return;
    if (turn) at.turn(...turn);
    else if (event.key === '+' || event.key === '=') at.nearer(1.25);
    else if (event.key === '-') at.nearer(0.8);
    else if (event.key === '0') at.look('all');
    else return;
    event.preventDefault();
  };

  return (
    <div class="picture">
      <div
        class="picture-frame"
        ref={frame}
        tabIndex={0}
        role="application"
        aria-label={`${texts.preview.label(file.name)}. ${texts.preview.help}`}
        data-picture={state === 'shown' || state === 'loading' ? state : 'failed'}
        onKeyDown={onKeyDown}
      />
      {state === 'loading' && (
        <div class="picture-over">
          <Loading words={texts.preview.loading} />
        </div>
      )}
      {state !== 'loading' && state !== 'shown' && <p class="picture-over">{state}</p>}
      {state === 'shown' && (
        <div class="picture-foot">
          <span>
            {texts.preview.triangles(triangles)} · {texts.preview.step}
            <span class="hidden-words">{count(marks.length)}</span>
          </span>
          <span class="picture-ways">
            {ways.map((way) => (
              <button
                key={way}
                type="button"
                class="button small plain"
                onClick={() => view.current?.look(way)}
              >
                {texts.preview.views[way]}
              </button>
            ))}
          </span>
        </div>
      )}
    </div>
  );
}
