// SPDX-License-Identifier: GPL-3.0-or-later
// The part in 3D. This file and three.js come only when there is something to show. It draws when
// something changes and rests otherwise.

import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  DirectionalLight,
  DoubleSide,
  EdgesGeometry,
  GridHelper,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  PerspectiveCamera,
  Scene,
  Sprite,
  SpriteMaterial,
  SRGBColorSpace,
  Vector3,
  WebGLRenderer,
} from 'three';

import type { Mark } from './marks.ts';
import { boundsOf } from './mesh.ts';

export interface SolidView {
  setMarks: (marks: readonly Mark[], chosen: number | null) => void;
  look: (from: 'all' | 'front' | 'top' | 'side') => void;
  turn: (yaw: number, pitch: number) => void;
  nearer: (by: number) => void;
  recolour: () => void;
  close: () => void;
}

const edges_max = 80_000; // Triangles; more edges than this hide the part.
const mark_colours: Record<Mark['severity'], string> = {
  error: '--mood-trouble',
  warning: '--mood-attention',
  note: '--mood-making',
};

function badge(number: number, colour: string, ink: string, chosen: boolean): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 64;
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.beginPath();
    pen.arc(32, 32, chosen ? 29 : 25, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.fill();
    pen.lineWidth = chosen ? 6 : 3;
    pen.strokeStyle = ink;
    pen.stroke();
    pen.fillStyle = ink;
    pen.font = '700 30px system-ui, sans-serif';
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(String(number), 32, 34);
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}

// Throws when the browser has no WebGL.
export function openSolid(frame: HTMLElement, positions: Float32Array, scale: number): SolidView {
  const renderer = new WebGLRenderer({ antialias: true, alpha: true });
  renderer.setPixelRatio(Math.min(2, devicePixelRatio || 1));
  const canvas = renderer.domElement;
  canvas.setAttribute('aria-hidden', 'true');
  frame.append(canvas);

  if (scale !== 1)
    for (let i = 0; i < positions.length; ++i) positions[i] = (positions[i] as number) * scale;
  const bounds = boundsOf(positions);
  const middle = new Vector3(
    (bounds.min[0] + bounds.max[0]) / 2,
    (bounds.min[1] + bounds.max[1]) / 2,
    (bounds.min[2] + bounds.max[2]) / 2,
  );
  const size = new Vector3(
    bounds.max[0] - bounds.min[0],
    bounds.max[1] - bounds.min[1],
    bounds.max[2] - bounds.min[2],
  );
  const radius = Math.max(1e-6, size.length() / 2);

  const scene = new Scene();
  const camera = new PerspectiveCamera(32, 1, radius / 100, radius * 40);
  camera.up.set(0, 0, 1);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.computeVertexNormals();
  const material = new MeshLambertMaterial({
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: 1,
    polygonOffsetUnits: 1,
  });
  const part = new Mesh(geometry, material);
  scene.add(part);
  const edgeMaterial = new LineBasicMaterial();
  if (positions.length / 9 <= edges_max) {
    scene.add(new LineSegments(new EdgesGeometry(geometry, 28), edgeMaterial));
  }
  const sky = new HemisphereLight(0xffffff, 0x8a9496, 1.7);
  sky.position.set(0, 0, 1);
  const sun = new DirectionalLight(0xffffff, 1.9);
  scene.add(sky, sun);

  let grid: GridHelper | null = null;
  let badges: Sprite[] = [];
  let shown: { marks: readonly Mark[]; chosen: number | null } = { marks: [], chosen: null };
  let yaw = -0.65;
  let pitch = 0.55;
  let away = 1;
  const target = middle.clone();
  let waiting = 0;

  const colour = (name: string) =>
    getComputedStyle(frame).getPropertyValue(name).trim() || '#888888';

  function place(): void {
    const distance = (radius / Math.sin((camera.fov * Math.PI) / 360)) * 1.12 * away;
    const fit = camera.aspect < 1 ? distance / camera.aspect : distance;
    const along = new Vector3(
      Math.cos(pitch) * Math.sin(yaw),
      -Math.cos(pitch) * Math.cos(yaw),
      Math.sin(pitch),
    );
    camera.position.copy(target).addScaledVector(along, fit);
    camera.lookAt(target);
    sun.position.copy(camera.position).add(new Vector3(radius, -radius * 0.4, radius * 2));
  }

  function draw(): void {
    waiting = 0;
    place();
    renderer.render(scene, camera);
  }
  function soon(): void {
    if (waiting === 0) waiting = requestAnimationFrame(draw);
  }

  function recolour(): void {
    material.color = new Color(colour('--part'));
    edgeMaterial.color = new Color(colour('--part-edge'));
    if (grid) {
      scene.remove(grid);
      grid.dispose();
    }
    const reach = Math.max(20, Math.ceil((Math.max(size.x, size.y) * 1.5) / 20) * 20);
    grid = new GridHelper(
      reach,
      Math.min(200, reach / 10),
      new Color(colour('--line-2')),
      new Color(colour('--line')),
    );
    grid.rotation.x = Math.PI / 2;
    grid.position.set(middle.x, middle.y, bounds.min[2] - radius * 0.002);
    scene.add(grid);
    setMarks(shown.marks, shown.chosen);
  }

  function setMarks(marks: readonly Mark[], chosen: number | null): void {
    shown = { marks, chosen };
    for (const one of badges) {
      scene.remove(one);
      one.material.map?.dispose();
      one.material.dispose();
    }
    badges = marks
      .filter((mark) => mark.at.length === 3)
      .map((mark) => {
        const map = badge(
          mark.number,
          colour(mark_colours[mark.severity]),
          colour('--sheet'),
          mark.number === chosen,
        );
        const sprite = new Sprite(
          new SpriteMaterial({
            map,
            depthTest: false,
            sizeAttenuation: false,
            transparent: true,
          }),
        );
        sprite.position.set(mark.at[0] as number, mark.at[1] as number, mark.at[2] as number);
        const scaled = mark.number === chosen ? 0.06 : 0.042;
        sprite.scale.set(scaled, scaled, 1);
        sprite.renderOrder = mark.number === chosen ? 3 : 2;
        scene.add(sprite);
        return sprite;
      });
    soon();
  }

  function turn(dYaw: number, dPitch: number): void {
    yaw += dYaw;
    pitch = Math.max(-1.55, Math.min(1.55, pitch + dPitch));
    soon();
  }
  function nearer(by: number): void {
    away = Math.max(0.05, Math.min(4, away / by));
    soon();
  }
  function look(from: 'all' | 'front' | 'top' | 'side'): void {
    [yaw, pitch] = { all: [-0.65, 0.55], front: [0, 0.02], top: [0, 1.55], side: [1.57, 0.02] }[
      from
    ] as [number, number];
    away = 1;
    target.copy(middle);
    soon();
  }

  const fingers = new Map<number, { x: number; y: number }>();
  let apart = 0;
  const down = (event: PointerEvent) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    apart = 0;
  };
  const move = (event: PointerEvent) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const dx = event.clientX - before.x;
    const dy = event.clientY - before.y;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const [a, b] = [...fingers.values()];
    if (a && b) {
      const now = Math.hypot(a.x - b.x, a.y - b.y);
      if (apart > 0) nearer(now / apart);
      apart = now;
      slide(dx / 2, dy / 2);
    } else if (event.shiftKey || event.buttons === 2) {
      slide(dx, dy);
    } else {
      turn(-dx * 0.008, dy * 0.008);
    }
  };
  function slide(dx: number, dy: number): void {
    const step = (radius * 2.2 * away) / Math.max(1, canvas.clientHeight);
    const right = new Vector3(Math.cos(yaw), Math.sin(yaw), 0);
    const up = new Vector3().crossVectors(right, camera.getWorldDirection(new Vector3()));
    target.addScaledVector(right, -dx * step).addScaledVector(up, dy * step);
    soon();
  }
  const upEvent = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    apart = 0;
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    nearer(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)));
  };
  const noMenu = (event: Event) => event.preventDefault();
  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerup', upEvent);
  canvas.addEventListener('pointercancel', upEvent);
  canvas.addEventListener('wheel', wheel, { passive: false });
  canvas.addEventListener('contextmenu', noMenu);
  canvas.addEventListener('webglcontextrestored', soon);

  const watch = new ResizeObserver(() => {
    const wide = Math.max(1, frame.clientWidth);
    const high = Math.max(1, frame.clientHeight);
    renderer.setSize(wide, high, false);
    camera.aspect = wide / high;
    camera.updateProjectionMatrix();
    draw();
  });
  watch.observe(frame);
  recolour();

  return {
    setMarks,
    look,
    turn,
    nearer,
    recolour,
    close: () => {
      watch.disconnect();
      if (waiting) cancelAnimationFrame(waiting);
      setMarks([], null);
      if (waiting) cancelAnimationFrame(waiting);
      geometry.dispose();
      material.dispose();
      edgeMaterial.dispose();
      renderer.dispose();
      renderer.forceContextLoss();
      canvas.remove();
    },
  };
}
