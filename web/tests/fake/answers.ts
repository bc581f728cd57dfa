// SPDX-License-Identifier: GPL-3.0-or-later
// What the fake router finds in a file and says about who can make it: simple rules, real shapes.

import type { Candidate, Check, Fab, JobQuestion, Quote, Rejection } from './shapes.ts';
import { distanceKm } from '../../src/figures/places.ts';
import { flatBounds } from '../../src/preview/drawing.ts';
import { readDxf } from '../../src/preview/dxf.ts';
import { kindOf } from '../../src/preview/kinds.ts';
import { boundsOf } from '../../src/preview/mesh.ts';
import { readMesh } from '../../src/preview/read_mesh.ts';
import { readSvg } from '../../src/preview/svg.ts';

export interface Refusal {
  code: string;
  message: string;
  next: string;
  where: string | null;
}

export function checkOf(name: string, bytes: Uint8Array, hash: string): Check | Refusal {
  const kind = kindOf(name, bytes.subarray(0, 2048));
  const base = { file: name, accepted: true, error: null, design: hash, bytes: bytes.length };
  try {
    if (kind === 'svg' || kind === 'dxf') {
      const drawing = kind === 'svg' ? readSvg(bytes) : readDxf(bytes);
      const bounds = flatBounds(drawing);
      if (!bounds) throw new Error('nothing is cut');
      return {
        ...base,
        format: kind,
        unit: drawing.stated ? 'millimetre' : 'unstated',
        unit_mm: 1,
        unit_origin: drawing.stated ? 'file' : 'none',
        closed: true,
        bounds_mm: bounds,
        area_mm2: 1000,
        outer_loops: 1,
        inner_loops: drawing.lines.length - 1,
        cut_length_mm: 1234,
        narrowest_wall_mm: 1.8,
        narrowest_gap_mm: 2.2,
        findings: [
          {
            severity: 'note',
            rule: 'operations',
            message: `${drawing.lines.length} lines are cut.`,
            next: '',
            at_mm: null,
          },
        ],
        verdicts: [{ process: 'laser_cut', verdict: 'feasible', reasons: [] }],
        estimates: [
          {
            process: 'laser_cut',
            time_s: 240,
            time_error: 0.3,
            material_mm3: null,
            mass_g: null,
            density_g_cm3: null,
            material_error: null,
            measured: false,
          },
        ],
      };
    }
    const mesh = readMesh(kind, bytes);
    const { min, max } = boundsOf(mesh.positions);
    const size = max.map((high, i) => high - (min[i] as number));
    const corner = [...max];
    const top = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, max[2]];
    return {
      ...base,
      format: kind === 'stl' ? 'stl_binary' : kind,
      unit: 'unstated',
      unit_mm: 1,
      unit_origin: 'none',
      objects: 1,
      triangles: mesh.triangles,
      closed: true,
      oriented: true,
      volume_mm3: size.reduce((a, b) => a * b, 0.35),
      bounds_mm: { min: [...min], max: [...max] },
      size_mm: size,
      wall_thickness_mm_min: 1.1,
      smallest_gap_mm: 3.2,
      smallest_hole_mm: 4.2,
      printing: {
        overhang_area_mm2: 120,
        support_volume_mm3: 900,
        longest_bridge_mm: 22,
        regions: [{ kind: 'bridge', area_mm2: 120, angle_deg: 0, span_mm: 22, at_mm: top }],
      },
      milling: null,
      findings: [
        {
          severity: 'note',
          rule: 'unit_taken',
          message: 'The file does not say its unit; its numbers are taken as millimetres.',
          next: 'say --unit if they are not',
          at_mm: null,
        },
      ],
      verdicts: [
        {
          process: 'fdm',
          verdict: 'with_remarks',
          reasons: [
            {
              rule: 'wall_too_thin',
              blocking: false,
              at_mm: corner,
              measured: 1.1,
              limit: 1.2,
              unit: 'mm',
              text: 'A wall is 1.1 mm thick; 1.2 mm is the usual least.',
            },
          ],
        },
        { process: 'sla', verdict: 'feasible', reasons: [] },
        {
          process: 'cnc_mill',
          verdict: 'not_feasible',
          reasons: [
            {
              rule: 'undercut',
              blocking: true,
              beyond_machines: true,
              at_mm: top,
              measured: 220,
              limit: 0,
              unit: 'mm2',
              text: '220 mm2 cannot be reached by a straight tool.',
            },
          ],
        },
      ],
      estimates: [
        {
          process: 'fdm',
          time_s: 7200,
          time_error: 0.25,
          material_mm3: 30_000,
          mass_g: 38.1,
          density_g_cm3: 1.24,
          material_error: 0.12,
          measured: true,
        },
      ],
    };
  } catch (thrown) {
    return {
      code: 'invalid_file',
      message: `${name} cannot be read: ${thrown instanceof Error ? thrown.message : 'it is broken'}.`,
      next: 'export the design again as STL, 3MF, OBJ or OFF',
      where: 'byte 0',
    };
  }
}

function gramsRange(typical: number) {
  return { low_g: typical * 0.7, typical_g: typical, high_g: typical * 1.6 };
}

export function quoteOf(
  question: JobQuestion,
  fabs: readonly Fab[],
  size: readonly number[],
): Quote {
  const part = question.parts[0] as JobQuestion['parts'][0];
  const candidates: Candidate[] = [];
  const rejections: Rejection[] = [];
  let seen = 0;
  const near = [...fabs].sort(
    (a, b) => distanceKm(question.at, a.place) - distanceKm(question.at, b.place),
  );
  for (const fab of near) {
    const distance_km = distanceKm(question.at, fab.place);
    for (const machine of fab.machines) {
      ++seen;
      const no = (requirement: string, needed: string, offered: string) =>
        rejections.push({
          fab: fab.fab,
          machine: machine.machine,
          distance_km,
          requirement,
          needed,
          offered,
          text: `${requirement}: ${needed}, there ${offered}`,
        });
      const [sides, room] = [
        [...size].sort((a, b) => b - a),
        [...machine.envelope_mm].sort((a, b) => b - a),
      ];
      const stock = machine.materials.find((one) => one.material === part.material);
      if (machine.process !== part.process) no('process', part.process, machine.process);
      else if (!fab.connected) no('available', 'connected', 'not connected');
      else if (!stock)
        no('material', part.material, machine.materials.map((m) => m.material).join(', '));
      else if (sides.some((side, i) => side > (room[i] as number))) {
        no('envelope', `${sides[0]?.toFixed(1)} mm`, `${room[0]?.toFixed(1)} mm`);
      } else {
        candidates.push({
          rank: candidates.length + 1,
          fab: fab.fab,
          machine: machine.machine,
          distance_km,
          finish_s: 7800 + machine.backlog_s,
          making_s: 7200,
          recent_work_s: 0,
          neighbour: candidates.length === 0,
          up_axis: 'z',
          turn_deg: 0,
          mass_g: 38,
          price: { currency: 'EUR', minor: 614, decimals: 2 },
          footprint: {
            complete: true,
            sum: gramsRange(170 + distance_km * 0.05),
            material: gramsRange(98),
            energy: gramsRange(62),
            transport: gramsRange(10 + distance_km * 0.05),
          },
          why: candidates.length === 0 ? 'the nearest that can make it' : 'farther away',
        });
      }
    }
  }
  return {
    machines_seen: seen,
    candidates: candidates.slice(0, 16),
    rejections: rejections.slice(0, 16),
    alternatives: candidates.length
      ? []
      : rejections.slice(0, 2).map((one) => ({ ...one, fabs: 1, at_least: false })),
    footprint_basis: [
      {
        share: 'material',
        fab: null,
        machine: null,
        method: 'mass with waste x kg CO2e per kg of the material',
        source: 'data/materials.csv: PLA 2.45 (1.8 to 3.8) kg CO2e/kg',
        confidence: 'read',
      },
      {
        share: 'energy',
        fab: 'grenoble',
        machine: 'large',
        method: 'power x time x grid intensity',
        source: 'Ember 2023, France: 56 g CO2e/kWh',
        confidence: 'read',
      },
      {
        share: 'transport',
        fab: null,
        machine: null,
        method: 'mass x distance x circuity x kg CO2e per tonne-km of a van',
        source: 'BEIS 2021',
        confidence: 'estimate',
      },
    ],
    verdict: null,
  };
}
