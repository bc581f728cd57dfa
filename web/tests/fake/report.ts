// SPDX-License-Identifier: GPL-3.0-or-later
// A report as `nearfab report --json` prints it.

import type { Report } from '../../src/api/report_types.ts';

export function reportSample(days: number): Report {
  const now = Date.now();
  const from = new Date(now - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  const range = (typical: number) => ({
    low_g: typical * 0.62,
    typical_g: typical,
    high_g: typical * 1.7,
  });
  return {
    days,
    from: `${from}T00:00:00Z`,
    to: new Date(now).toISOString(),
    network: { fabs: 8, fabs_there: 7, owners_there: 6, machines_there: 12 },
    delivered: {
      pieces: 120,
      fabs: 5,
      machine_s: 412_345,
      machine_time_unknown: 2,
      mass_g: 5321.5,
      mass_unknown: 2,
    },
    distance: {
      pieces: 118,
      unknown: 2,
      median_km: 3.21,
      p90_km: 41.3,
      longest_km: 812,
      histogram: [
        { from_km: 0, to_km: 1, pieces: 12 },
        { from_km: 1, to_km: 2, pieces: 21 },
        { from_km: 2, to_km: 5, pieces: 34 },
        { from_km: 5, to_km: 10, pieces: 19 },
        { from_km: 10, to_km: 20, pieces: 9 },
        { from_km: 20, to_km: 50, pieces: 14 },
        { from_km: 50, to_km: 100, pieces: 6 },
        { from_km: 100, to_km: 200, pieces: 2 },
        { from_km: 200, to_km: 500, pieces: 0 },
        { from_km: 500, to_km: 1000, pieces: 1 },
        { from_km: 1000, to_km: null, pieces: 0 },
      ],
    },
    shares: {
      by_pieces: {
        hhi: 2845,
        lowest_hhi: 1429,
        as_many_as: 3.5,
        words: 'high: a few fabs make most of it',
      },
      by_machine_time: {
        hhi: 3011,
        lowest_hhi: 1429,
        as_many_as: 3.3,
        words: 'high: a few fabs make most of it',
      },
      fabs: [
        ['grenoble', 'Atelier Grenoble', 54],
        ['lyon', 'FabLab Lyon', 31],
        ['saint_etienne', 'OpenFactory Saint-Etienne', 19],
        ['geneve', 'Onl’Fait Genève', 12],
        ['valence', 'Valence Makers', 4],
      ].map(([fab, title, pieces], i) => ({
        fab: fab as string,
        title: title as string,
        owner: null,
        there: i !== 4,
        pieces: pieces as number,
        pieces_share: (pieces as number) / 120,
        machine_s: (pieces as number) * 3400,
        machine_time_share: (pieces as number) / 120,
      })),
      rest: { fabs: 0, pieces: 0, pieces_share: 0, machine_s: 0, machine_time_share: 0 },
    },
    processes: {
      used: 3,
      as_many_as: 1.7,
      rows: [
        {
          process: 'fdm',
          name: 'Material extrusion (FDM/FFF)',
          pieces: 92,
          pieces_share: 0.767,
          machine_s: 380_000,
          fabs_there: 4,
          owners_there: 4,
          machines_there: 8,
        },
        {
          process: 'laser_cut',
          name: 'Laser cutting',
          pieces: 19,
          pieces_share: 0.158,
          machine_s: 20_000,
          fabs_there: 1,
          owners_there: 1,
          machines_there: 1,
        },
        {
          process: 'cnc_mill',
          name: 'CNC milling',
          pieces: 9,
          pieces_share: 0.075,
          machine_s: 12_345,
          fabs_there: 1,
          owners_there: 1,
          machines_there: 1,
        },
      ],
    },
    capabilities: {
      all: 14,
      single_fab: 3,
      single_owner: 4,
      left_out: 0,
      rows: [
        {
          process: 'cnc_mill',
          material: 'alu_6061',
          hangs_on: 'fab',
          fab: 'saint_etienne',
          owner: null,
          envelope_mm: [600, 400, 80],
          elsewhere_mm: null,
          fabs_there: 1,
          fabs_away: 0,
          pieces: 4,
        },
        {
          process: 'laser_cut',
          material: 'acrylic',
          hangs_on: 'fab',
          fab: 'saint_etienne',
          owner: null,
          envelope_mm: [900, 600, 10],
          elsewhere_mm: null,
          fabs_there: 1,
          fabs_away: 1,
          pieces: 11,
        },
        {
          process: 'fdm',
          material: 'pla',
          hangs_on: 'size',
          fab: 'grenoble',
          owner: null,
          envelope_mm: [300, 300, 400],
          elsewhere_mm: [180, 180, 180],
          fabs_there: 3,
          fabs_away: 0,
          pieces: 48,
        },
      ],
    },
    without_largest: {
      fab: 'grenoble',
      title: 'Atelier Grenoble',
      largest_by: 'pieces',
      pieces: 54,
      pieces_share: 0.45,
      machine_s: 183_600,
      machine_time_share: 0.45,
      work: {
        asked_pieces: 54,
        asked_parts: 12,
        not_asked_pieces: 0,
        not_asked_why: null,
        elsewhere_pieces: 43,
        nobody_else_pieces: 11,
        nobody_else_parts: 2,
        median_km_now: 2.1,
        median_km_elsewhere: 38.4,
        rows: [
          {
            process: 'fdm',
            material: 'asa',
            size_mm: [300, 210, 40],
            pieces: 7,
            lacks: 'envelope',
          },
          {
            process: 'fdm',
            material: 'asa',
            size_mm: [90, 40, 20],
            pieces: 4,
            lacks: 'material',
          },
        ],
        rows_left_out: 0,
      },
      capabilities: {
        lost: 1,
        smaller: 2,
        left_out: 0,
        rows: [
          {
            process: 'fdm',
            material: 'asa',
            envelope_mm: [300, 300, 400],
            elsewhere_mm: null,
          },
          {
            process: 'fdm',
            material: 'pla',
            envelope_mm: [300, 300, 400],
            elsewhere_mm: [180, 180, 180],
          },
        ],
      },
    },
    emissions: {
      shares: [
        {
          share: 'material',
          pieces: 110,
          unknown: 10,
          sum: range(13_200),
          method: 'mass with waste x kg CO2e per kg of the material',
          confidence: [
            { confidence: 'read', pieces: 100 },
            { confidence: 'estimate', pieces: 10 },
          ],
        },
        {
          share: 'energy',
          pieces: 96,
          unknown: 24,
          sum: range(5400),
          method: 'power x time x grid intensity where the fab is',
          confidence: [{ confidence: 'read', pieces: 96 }],
        },
        {
          share: 'transport',
          pieces: 118,
          unknown: 2,
          sum: range(310),
          method: 'mass x distance x circuity x kg CO2e per tonne-km of a van',
          confidence: [{ confidence: 'estimate', pieces: 118 }],
        },
      ],
      complete: { pieces: 90, incomplete: 30, sum: range(16_900) },
      not_counted: 'making the machines and packaging, what happens after use, failed attempts',
    },
    waiting: {
      jobs: { analysing: 0, matching: 2, in_production: 5, ready: 1 },
      jobs_waiting: 3,
      pieces_waiting: 6,
      longest_s: 5400,
      reasons: [
        {
          what: 'envelope',
          words: 'no machine that is there is large enough',
          jobs: 1,
          pieces: 4,
        },
        {
          what: 'a_place',
          words: 'planned for a fab, waits for its turn',
          jobs: 2,
          pieces: 2,
        },
      ],
    },
    by_day: Array.from({ length: days }, (_, i) => {
      const pieces = i % 7 > 4 ? 0 : (i * 5) % 9;
      return {
        from: new Date(Date.parse(`${from}T00:00:00Z`) + i * 86_400_000)
          .toISOString()
          .replace('.000', ''),
        pieces,
        machine_s: pieces * 3400,
        median_km: pieces === 0 ? null : 2 + ((i * 13) % 40) / 3,
      };
    }),
  };
}
