// SPDX-License-Identifier: GPL-3.0-or-later
// The network report: `nearfab report --json`. Shares are fractions from 0 to 1.

import type { Grams } from './types.ts';

export interface Concentration {
  hhi: number | null; // 0 to 10,000; null while nothing was delivered.
  lowest_hhi: number | null; // If all had the same.
  as_many_as: number | null; // So many fabs of equal share would give this number.
  words: string;
}

export interface FabShare {
  fab: string;
  title: string;
  owner: string | null;
  there: boolean;
  pieces: number;
  pieces_share: number;
  machine_s: number;
  machine_time_share: number;
}

export interface ProcessShare {
  process: string;
  name: string;
  pieces: number;
  pieces_share: number;
  machine_s: number;
  fabs_there: number;
  owners_there: number;
  machines_there: number;
}

export interface LonelyCapability {
  process: string;
  material: string;
  hangs_on: string; // "fab", "owner" or "size".
  fab: string | null;
  owner: string | null;
  envelope_mm: number[] | null;
  elsewhere_mm: number[] | null;
  fabs_there: number;
  fabs_away: number;
  pieces: number;
}

export interface EmissionShare {
  share: string; // "material", "energy", "transport".
  pieces: number;
  unknown: number;
  sum: Grams | null;
  method: string;
  confidence: { confidence: string; pieces: number }[];
}

export interface WithoutLargest {
  fab: string;
  title: string;
  largest_by: string;
  pieces: number;
  pieces_share: number;
  machine_s: number;
  machine_time_share: number;
  work: {
    asked_pieces: number;
    asked_parts: number;
    not_asked_pieces: number;
    not_asked_why: string | null;
    elsewhere_pieces: number;
    nobody_else_pieces: number;
    nobody_else_parts: number;
    median_km_now: number | null;
    median_km_elsewhere: number | null;
    rows: {
      process: string;
      material: string;
      size_mm: number[];
      pieces: number;
      lacks: string;
    }[];
    rows_left_out: number;
  } | null;
  capabilities: {
    lost: number;
    smaller: number;
    left_out: number;
    rows: {
      process: string;
      material: string;
      envelope_mm: number[] | null;
      elsewhere_mm: number[] | null;
    }[];
  };
}

export interface Report {
  days: number;
  from: string;
  to: string;
  network: { fabs: number; fabs_there: number; owners_there: number; machines_there: number };
  delivered: {
    pieces: number;
    fabs: number;
    machine_s: number;
    machine_time_unknown: number;
    mass_g: number;
    mass_unknown: number;
  };
  distance: {
    pieces: number;
    unknown: number;
    median_km: number | null;
    p90_km: number | null;
    longest_km: number | null;
    histogram: { from_km: number; to_km: number | null; pieces: number }[];
  };
  shares: {
    by_pieces: Concentration | null;
    by_machine_time: Concentration | null;
    fabs: FabShare[];
    rest: {
      fabs: number;
      pieces: number;
      pieces_share: number;
      machine_s: number;
      machine_time_share: number;
    };
  };
  processes: { used: number; as_many_as: number | null; rows: ProcessShare[] };
  capabilities: {
    all: number;
    single_fab: number;
    single_owner: number;
    left_out: number;
    rows: LonelyCapability[];
  };
  without_largest: WithoutLargest | null;
  emissions: {
    shares: EmissionShare[];
    complete: { pieces: number; incomplete: number; sum: Grams | null };
    not_counted: string;
  };
  waiting: {
    jobs: Record<string, number>;
    jobs_waiting: number;
    pieces_waiting: number;
    longest_s: number | null;
    reasons: { what: string; words: string; jobs: number; pieces: number }[];
  };
  // Oldest first, the last one is today.
  by_day: { from: string; pieces: number; machine_s: number; median_km: number | null }[];
}
