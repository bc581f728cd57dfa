// SPDX-License-Identifier: GPL-3.0-or-later
// A small network as the examples have it, and a large one for measuring.

import type { BoardWork, Fab, Job, JobEvent, Machine, Place, Why } from '../../src/api/types.ts';

export function machine(part: Partial<Machine> & { machine: string; process: string }): Machine {
  return {
    model: part.machine,
    envelope_mm: [200, 200, 200],
    materials: [],
    min_feature_mm: 0.45,
    tolerance_mm: 0.2,
    build_rate_cm3_per_h: 12,
    state: 'idle',
    backlog_s: 0,
    rates: {
      currency: 'EUR',
      decimals: 2,
      setup: 200,
      per_hour: 150,
      per_kg: 3000,
      materials: [],
    },
    energy: {
      power_w: 120,
      power_low_w: 95,
      power_high_w: 160,
      power_basis: 'fdm_open_220',
      grid_gco2e_per_kwh: 56,
      grid_basis: 'France 2023',
    },
    ...part,
  };
}

function fab(
  id: string,
  title: string,
  at: readonly [number, number],
  machines: Machine[],
  more: Partial<Fab> = {},
): Fab {
  return {
    fab: id,
    title,
    place: { latitude_deg: at[0], longitude_deg: at[1] },
    connected: true,
    age_s: 4,
    distance_km: null,
    failures_in_row: 0,
    held_back: null,
    licences: ['open'],
    submitters: [],
    machines,
    machines_left_out: 0,
    ...more,
  };
}

const grams = (material: string, available_g: number) => ({ material, available_g });

export function threeFabs(): Fab[] {
  return [
    fab(
      'lyon',
      'FabLab Lyon',
      [45.76, 4.84],
      [
        machine({
          machine: 'mini',
          process: 'fdm',
          model: 'Small printer, 180 mm bed',
          envelope_mm: [180, 180, 180],
          materials: [grams('pla', 850), grams('petg', 400)],
        }),
      ],
    ),
    fab(
      'grenoble',
      'Atelier Grenoble',
      [45.19, 5.72],
      [
        machine({
          machine: 'large',
          process: 'fdm',
          model: 'Large printer, 300 mm bed',
          envelope_mm: [300, 300, 400],
          materials: [grams('pla', 2400), grams('petg', 900), grams('asa', 700)],
        }),
      ],
    ),
    fab(
      'saint_etienne',
      'OpenFactory Saint-Etienne',
      [45.44, 4.39],
      [
        machine({
          machine: 'mill',
          process: 'cnc_mill',
          model: 'Router table, 600 x 400 mm',
          envelope_mm: [600, 400, 80],
          materials: [
            grams('plywood_birch', 8000),
            grams('hardwood', 8000),
            grams('alu_6061', 3000),
          ],
          min_feature_mm: 3,
        }),
        machine({
          machine: 'laser',
          process: 'laser_cut',
          model: 'CO2 laser, 80 W',
          envelope_mm: [900, 600, 10],
          materials: [grams('plywood_birch', 5000), grams('acrylic', 4000)],
          min_feature_mm: 0.3,
        }),
      ],
    ),
  ];
}

export function moreFabs(): Fab[] {
  return [
    fab(
      'geneve',
      'Onl’Fait Genève',
      [46.2, 6.15],
      [
        machine({
          machine: 'resin',
          process: 'sla',
          materials: [grams('resin_std', 900)],
          state: 'working',
        }),
      ],
    ),
    fab(
      'torino',
      'Officine Torino',
      [45.07, 7.69],
      [
        machine({
          machine: 'one',
          process: 'fdm',
          materials: [grams('pla', 300)],
          state: 'awaiting_clear',
        }),
      ],
    ),
    fab(
      'chambery',
      'Atelier <b>Chambéry</b> & Cie',
      [45.57, 5.92],
      [
        machine({
          machine: 'a',
          process: 'fdm',
          materials: [grams('pla', 300)],
          state: 'fault',
        }),
      ],
    ),
    fab('valence', 'Valence Makers', [44.93, 4.89], [], { connected: false, age_s: 86_400 }),
    fab(
      'clermont',
      'Clermont Fab',
      [45.78, 3.08],
      [
        machine({
          machine: 'b',
          process: 'fdm',
          materials: [grams('petg', 500)],
          state: 'drained',
        }),
      ],
    ),
  ];
}

// Numbers that look random and are the same in every run.
export function* sequence(seed: number): Generator<number, number> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const states = ['idle', 'working', 'working', 'awaiting_clear', 'fault', 'drained'];
const processes = ['fdm', 'fdm', 'fdm', 'sla', 'laser_cut', 'cnc_mill'];

export function manyFabs(count: number): Fab[] {
  const random = sequence(7);
  const next = () => random.next().value;
  return Array.from({ length: count }, (_, i) => {
    const centre = [
      [48, 8],
      [52, 0],
      [40, -4],
      [39, -95],
      [37, -120],
      [35, 137],
      [23, 78],
      [-23, -47],
      [-1, 37],
      [-33, 150],
    ][Math.floor(next() * 10)] as [number, number];
    const at = [centre[0] + (next() - 0.5) * 9, centre[1] + (next() - 0.5) * 14] as const;
    const machines = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, k) =>
      machine({
        machine: `m${k}`,
        process: processes[Math.floor(next() * processes.length)] as string,
        materials: [grams('pla', Math.floor(next() * 3000))],
        state: states[Math.floor(next() * states.length)] as string,
      }),
    );
    return fab(`fab_${i}`, `Fab ${i}`, at, machines, { connected: next() > 0.08 });
  });
}

export interface KnownJob {
  job: Job;
  events: JobEvent[];
  why: Why;
}

export function jobOf(
  id: string,
  title: string,
  at: Place,
  more: Partial<Job>,
  submitted: number,
): Job {
  const time = new Date(submitted).toISOString();
  return {
    job: id,
    title,
    submitter: 'ada',
    state: 'matching',
    final: false,
    reason: null,
    cancel_wanted: false,
    submitted_at: time,
    changed_at: time,
    work_orders: [],
    parts: [{ file: `${title}.stl`, process: 'fdm', material: 'pla', quantity: 1 }],
    remarks: [],
    at,
    ...more,
  };
}

export function manyJobs(count: number, fabs: readonly Fab[], now: number): Job[] {
  const random = sequence(11);
  const next = () => random.next().value;
  return Array.from({ length: count }, (_, i) => {
    const from = fabs[Math.floor(next() * fabs.length)] as Fab;
    const at = {
      latitude_deg: from.place.latitude_deg + (next() - 0.5) * 4,
      longitude_deg: from.place.longitude_deg + (next() - 0.5) * 6,
    };
    const making = next() > 0.2;
    return jobOf(
      `job_${String(i).padStart(6, '0')}`,
      `part ${i}`,
      at,
      {
        state: making ? 'in_production' : 'matching',
        work_orders: [
          {
            work_order: `wo_${i}`,
            part: 0,
            state: making ? 'producing' : 'queued',
            epoch: 1,
            attempts: 1,
            fab: making ? from.fab : null,
            machine: making ? 'm0' : null,
            distance_km: making ? 42 : null,
            disconnected: false,
            phase: null,
            progress: making ? next() : 0,
            remaining_s: making ? 600 : 0,
            next: null,
            planned_fab: null,
            planned_machine: null,
          },
        ],
      },
      now - i * 1000,
    );
  });
}

export function workOf(job: Job, state: string, machineId: string): BoardWork {
  return {
    work_order: job.work_orders[0]?.work_order ?? job.job,
    epoch: 1,
    title: job.title,
    state,
    machine: machineId,
    phase: null,
    progress: 0,
    detail: null,
    unsafe: false,
  };
}
