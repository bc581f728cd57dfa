// SPDX-License-Identifier: GPL-3.0-or-later
// The map that is dragged, pinched, wheeled and moved by keys.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Place } from '../api/types.ts';
import { colours } from '../state/theme.ts';
import { texts } from '../texts.ts';
import { drawMap, type MapArc, type MapPoint, type Spot } from './draw.ts';
import { panned, placeAt, viewOfAll, zoomed, type Size, type View } from './view.ts';
import { loadWorld, world } from './world.ts';

const fine_km_per_px = 4; // Closer than this the finer coast is loaded.
const hit_px = 16;

export interface MapProps {
  label: string;
  points: readonly MapPoint[];
  arcs?: readonly MapArc[];
  use?: Place | null;
  chosen?: string | null;
  choose?: (id: string) => void;
  pick?: (at: Place) => void; // A place was chosen, by a click or by Enter in the middle.
  around?: readonly Place[]; // What is to be in sight at first; the points, if not given.
}

export function MapCanvas(props: MapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const [view, setView] = useState<View | null>(null);
  const [hover, setHover] = useState<MapPoint | null>(null);
  const spots = useRef<Spot[]>([]);
  const moved = useRef(false); // By hand: then what comes in does not move it any more.
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const travelled = useRef(0);
  const pinch = useRef<number | null>(null);

  const inSight = props.around ?? props.points.map((point) => point.at);

  useLayoutEffect(() => {
    const at = frame.current;
    if (!at) return undefined;
    const watch = new ResizeObserver(() => {
      setSize({ width: Math.max(1, at.clientWidth), height: Math.max(1, at.clientHeight) });
    });
    watch.observe(at);
    void loadWorld('coarse');
    return () => watch.disconnect();
  }, []);

  const signature = `${inSight.length}:${inSight[0]?.latitude_deg ?? ''}:${size?.width}x${size?.height}`;
  useEffect(() => {
    if (size && !moved.current) setView(viewOfAll(inSight, size));
  }, [signature]);

  useEffect(() => {
    if (view && view.km_per_px < fine_km_per_px) void loadWorld('fine');
  }, [view]);

  const land = world.value;
  const scheme = colours.value;
  useEffect(() => {
    if (!view || !size) return undefined;
    const frameId = requestAnimationFrame(() => {
      if (!canvas.current) return;
      spots.current = drawMap(canvas.current, size, view, {
        world: land,
        points: props.points,
        arcs: props.arcs ?? [],
        use: props.use ?? null,
        chosen: props.chosen ?? null,
      });
    });
    return () => cancelAnimationFrame(frameId);
  }, [view, size, land, scheme, props.points, props.arcs, props.use, props.chosen]);

  const change = (next: (view: View, size: Size) => View) => {
    if (!view || !size) return;
    moved.current = true;
    setView(next(view, size));
  };
  const zoomBy = (by: number) => change((v, s) => zoomed(v, s, by, s.width / 2, s.height / 2));
  const showAll = () => {
    moved.current = false;
    if (size) setView(viewOfAll(inSight, size));
  };

  const here = (event: { clientX: number; clientY: number }) => {
    const box = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const nearest = (x: number, y: number): Spot | null => {
    let best: Spot | null = null;
    let least = hit_px;
    for (const spot of spots.current) {
      const away = Math.hypot(spot.x - x, spot.y - y);
      if (away < least) {
        least = away;
        best = spot;
      }
    }
    return best;
  };

  const point = (x: number, y: number) => {
    const spot = nearest(x, y);
    const found = spot ? (props.points.find((one) => one.id === spot.id) ?? null) : null;
    setHover(found);
    if (tip.current && spot && size) {
      const left = Math.max(90, Math.min(size.width - 90, spot.x));
      tip.current.style.transform = `translate(${left}px, ${spot.y}px)`;
    }
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    canvas.current?.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, here(event));
    travelled.current = pointers.current.size > 1 ? 99 : 0;
    pinch.current = null;
  };
  const onPointerMove = (event: PointerEvent) => {
    const at = here(event);
    const before = pointers.current.get(event.pointerId);
    if (!before) {
      point(at.x, at.y);
      return;
    }
    pointers.current.set(event.pointerId, at);
    const fingers = [...pointers.current.values()];
    if (fingers.length === 1) {
      travelled.current += Math.hypot(at.x - before.x, at.y - before.y);
      if (travelled.current > 4) change((v, s) => panned(v, s, at.x - before.x, at.y - before.y));
      return;
    }
    const [a, b] = fingers;
    if (!a || !b) return;
    const apart = Math.hypot(a.x - b.x, a.y - b.y);
    const was = pinch.current;
    pinch.current = apart;
    if (was) {
      change((v, s) => zoomed(v, s, apart / was, (a.x + b.x) / 2, (a.y + b.y) / 2));
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    const at = here(event);
    const was = pointers.current.delete(event.pointerId);
    pinch.current = null;
    if (!was || travelled.current > 4 || event.type === 'pointercancel') return;
    const spot = nearest(at.x, at.y);
    if (props.pick && view && size) {
      const place = placeAt(view, size, at.x, at.y);
      if (place) {
        moved.current = true;
        props.pick(place);
      }
    } else if (spot) {
      props.choose?.(spot.id);
    }
  };
  useEffect(() => {
    const at = canvas.current;
    if (!at || !view || !size) return undefined;
    // Not passive: the page must not scroll meanwhile.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const where = here(event);
      const by = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0018));
      moved.current = true;
      setView(zoomed(view, size, by, where.x, where.y));
    };
    at.addEventListener('wheel', onWheel, { passive: false });
    return () => at.removeEventListener('wheel', onWheel);
  }, [view, size]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = 60;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [step, 0],
      ArrowRight: [-step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const move = moves[event.key];
    if (move) change((v, s) => panned(v, s, move[0], move[1]));
    else if (event.key === '+' || event.key === '=') zoomBy(1.5);
    else if (event.key === '-') zoomBy(1 / 1.5);
    else if (event.key === '0') showAll();
    else if (event.key === 'Enter' && props.pick && view) props.pick(view.at);
    else return;
    event.preventDefault();
  };

  return (
    <div class={`map${props.pick ? ' picks' : ''}`} ref={frame}>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={`${props.label}. ${props.pick ? texts.submit.mapPick : `${texts.board.mapHelp} ${texts.board.mapSame}`}`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={() => setHover(null)}
        onKeyDown={onKeyDown}
      />
      {props.pick && <span class="map-middle" aria-hidden="true" />}
      <div class={`map-tip${hover ? ' shown' : ''}`} ref={tip} aria-hidden="true">
        {hover && (
          <span>
            <b>{hover.label}</b> {texts.mood[hover.mood]}
          </span>
        )}
      </div>
      <div class="map-keys">
        <button type="button" aria-label={texts.board.zoomIn} onClick={() => zoomBy(1.6)}>
          +
        </button>
        <button type="button" aria-label={texts.board.zoomOut} onClick={() => zoomBy(1 / 1.6)}>
          −
        </button>
        <button type="button" aria-label={texts.board.fit} onClick={showAll}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path
              d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"
              fill="none"
              stroke="currentColor"
              stroke-width="1.6"
            />
          </svg>
        </button>
      </div>
    </div>
  );
}
