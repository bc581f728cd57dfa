// SPDX-License-Identifier: GPL-3.0-or-later
// The objects of the router's HTTP interface, with the keys that the command prints with --json.
// What is not known is null; newer routers may send more keys than are listed here.

export type Role = 'read_only' | 'designer' | 'operator' | 'admin';

export interface Place {
  latitude_deg: number;
  longitude_deg: number;
}

export interface Me {
  name: string;
  role: Role;
  fabs: string[]; // That an operator may act for.
  network: string;
  version: string;
  processes: string[];
  materials: string[];
  limits: { design_bytes: number; chunk_bytes: number };
}

export interface Upload {
  design: string; // BLAKE2b-256 in hexadecimal digits.
  size: number;
  received: number;
  complete: boolean;
}

export interface Money {
  currency: string;
  minor: number; // Whole numbers of the smallest unit.
  decimals: number;
}

export interface Grams {
  low_g: number;
  typical_g: number;
  high_g: number;
}

export interface Footprint {
  complete: boolean;
  sum: Grams | null;
  material: Grams | null;
  energy: Grams | null;
  transport: Grams | null;
}

export interface Candidate {
  rank: number;
  fab: string;
  machine: string;
  distance_km: number;
  finish_s: number;
  making_s: number;
  recent_work_s: number;
  neighbour: boolean;
  up_axis: string;
  turn_deg: number;
  mass_g: number;
  price: Money | null;
  footprint: Footprint | null;
  why: string;
}

export interface Rejection {
  fab: string;
  machine: string;
  distance_km: number;
  requirement: string;
  needed: string;
  offered: string;
  text: string;
}

export interface Alternative {
  requirement: string;
  needed: string;
  offered: string;
  fabs: number;
  at_least: boolean;
  fab: string;
  machine: string;
  distance_km: number;
  text: string;
}

export interface MatchReport {
  machines_seen: number;
  candidates: Candidate[];
  rejections: Rejection[];
  alternatives: Alternative[];
}

export interface FootprintBasis {
  share: string;
  fab: string | null;
  machine: string | null;
  method: string;
  source: string;
  confidence: string;
}

export type Feasibility = 'feasible' | 'with_remarks' | 'not_feasible' | 'unknown';
export type Point = number[];

export interface Reason {
  rule: string;
  blocking: boolean;
  beyond_machines?: boolean;
  at_mm: Point | null;
  measured: number;
  limit: number;
  unit: string;
  text: string;
}

export interface ProcessVerdict {
  process: string;
  verdict: Feasibility;
  reasons: Reason[];
  finest?: { what: string; mm: number; at_mm: Point | null } | null;
  typical_time_s?: number | null;
}

export interface PlanRow {
  part: number;
  fab: string;
  machine: string;
  pieces: number;
  late: number;
  making_s: number;
  first_s: number;
  last_s: number;
  distance_km: number;
  mass_g: number;
  price: Money | null;
  footprint: Footprint | null;
}

export interface Plan {
  pieces: number;
  late: number;
  late_by_s: number;
  unplaced: number;
  fabs: number;
  machines: number;
  farthest_km: number;
  deadline_s: number | null;
  finish_s: number;
  prices: Money[];
  unpriced: number;
  footprint: Footprint | null;
  rows: PlanRow[];
  rows_left_out: number;
  pieces_left_out: number;
}

export interface Quote extends MatchReport {
  footprint_basis: FootprintBasis[];
  verdict: ProcessVerdict | null;
  plan?: Plan;
}

export interface PartQuestion {
  design: string;
  design_bytes: number;
  file_name: string;
  process: string;
  material: string;
  quantity: number;
  thickness_mm?: number;
  min_feature_mm?: number;
  tolerance_mm?: number;
  unit?: string;
}

export type Preference = 'nearest' | 'soonest' | 'cheapest' | 'greenest';

export interface JobQuestion {
  parts: PartQuestion[];
  at: Place;
  licence: string;
  prefer?: Preference;
  currency?: string;
  deadline?: string;
}

export interface JobRequest extends JobQuestion {
  title?: string;
  redo_after?: string; // "never", "at_once", or a span such as "12h".
}

export interface JobAccepted {
  job: string;
  existed: boolean;
}

export type JobState =
  | 'analysing'
  | 'matching'
  | 'in_production'
  | 'ready'
  | 'closed'
  | 'rejected'
  | 'cancelled'
  | 'failed'
  | 'unknown';

export interface WorkOrder {
  work_order: string;
  part: number;
  state: string;
  epoch: number;
  attempts: number;
  fab: string | null;
  machine: string | null;
  distance_km: number | null;
  disconnected: boolean;
  phase: string | null;
  progress: number;
  remaining_s: number;
  next: string | null;
  planned_fab: string | null;
  planned_machine: string | null;
}

export interface JobPart {
  file: string;
  process: string;
  material: string;
  quantity: number;
}

export interface Job {
  job: string;
  title: string;
  submitter: string;
  state: JobState;
  final: boolean;
  reason: string | null;
  cancel_wanted: boolean;
  submitted_at: string;
  changed_at: string;
  work_orders: WorkOrder[];
  parts: JobPart[];
  remarks: string[];
  at?: Place | null;
}

export interface PageMark {
  after: string;
  after_submitted_at: string;
}

export interface Jobs {
  jobs: Job[];
  more: boolean;
  next: PageMark | null; // Where the next page begins; null: there is none.
}

export interface JobEvent {
  job: string;
  number: number;
  at: string;
  work_order: string | null;
  text: string;
}

export interface WhyOrder extends MatchReport {
  work_order: string;
  part: number;
  chosen: string | null;
  planned: string | null;
  at: string;
  words: { fab: string; text: string }[];
}

export interface Why {
  job: string;
  work_orders: WhyOrder[];
  more: boolean;
  remarks: string[];
}

export interface CancelAnswer {
  text: string;
  job: Job;
}

export interface Machine {
  machine: string;
  model: string;
  process: string;
  envelope_mm: number[];
  materials: { material: string; available_g: number }[];
  min_feature_mm: number;
  tolerance_mm: number;
  build_rate_cm3_per_h: number;
  state: string;
  backlog_s: number;
  rates: {
    currency: string;
    decimals: number;
    setup: number;
    per_hour: number;
    per_kg: number;
    materials: { material: string; per_kg: number }[];
  } | null;
  energy: {
    power_w: number;
    power_low_w: number;
    power_high_w: number;
    power_basis: string | null;
    grid_gco2e_per_kwh: number;
    grid_basis: string | null;
  } | null;
}

export interface Fab {
  fab: string;
  title: string;
  place: Place;
  connected: boolean;
  age_s: number;
  distance_km: number | null;
  failures_in_row: number;
  held_back: string | null;
  licences: string[];
  submitters: string[];
  machines: Machine[];
  machines_left_out: number;
}

export interface FabsAnswer {
  fabs: Fab[];
  more: boolean;
}

export interface BoardMachine extends Machine {
  work_order: string | null;
  detail: string | null;
}

export interface BoardWork {
  work_order: string;
  epoch: number;
  title: string;
  state: string;
  machine: string | null;
  phase: string | null;
  progress: number;
  detail: string | null;
  unsafe: boolean;
}

export interface Board {
  fab: string;
  router: string;
  connected: boolean;
  machines: BoardMachine[];
  work: BoardWork[];
}

export type FabAction =
  | 'accept'
  | 'decline'
  | 'clear_bed'
  | 'inspect_good'
  | 'inspect_bad'
  | 'hand_over'
  | 'drain'
  | 'resume'
  | 'presence'
  | 'resolve'
  | 'pause_machine'
  | 'resume_machine'
  | 'load';

export interface ActionRequest {
  action: FabAction;
  work_order?: string;
  machine?: string;
  text?: string;
  presence_code?: string;
  material?: string;
  grams?: number;
  nothing_else?: boolean;
}

export interface Finding {
  severity: 'error' | 'warning' | 'note';
  rule: string;
  message: string;
  next: string;
  at_mm: Point | null;
}

export interface NarrowPlaces {
  min_mm: number | null;
  places: { width_mm: number; at_mm: Point; opposite_mm: Point }[];
}

export interface Estimate {
  process: string;
  time_s: number;
  time_error: number;
  material_mm3: number | null;
  mass_g: number | null;
  density_g_cm3: number | null;
  material_error: number | null;
  measured: boolean;
}

export interface Check {
  file: string;
  accepted: boolean;
  error: { code: string; message: string; next: string; where: string | null } | null;
  design: string | null;
  bytes: number;
  format?: string;
  unit?: string;
  unit_mm?: number;
  unit_origin?: 'file' | 'given' | 'none';
  unit_says?: string;
  objects?: number;
  triangles?: number;
  closed?: boolean;
  oriented?: boolean;
  volume_mm3?: number | null;
  area_mm2?: number;
  bounds_mm?: { min: Point; max: Point };
  size_mm?: Point;
  wall_thickness_mm_min?: number | null;
  walls?: NarrowPlaces | null;
  gaps?: NarrowPlaces | null;
  smallest_gap_mm?: number | null;
  smallest_hole_mm?: number | null;
  self_intersection_places?: Point[];
  holes?: { diameter_mm: number; centre_mm: Point; axis: Point }[] | null;
  orientations?: { up: Point; height_mm: number; support_volume_mm3: number; why: string }[];
  printing?: {
    overhang_area_mm2: number;
    support_volume_mm3: number;
    longest_bridge_mm: number;
    regions: {
      kind: 'slope' | 'ceiling' | 'bridge';
      area_mm2: number;
      angle_deg: number;
      span_mm: number;
      at_mm: Point;
    }[];
  } | null;
  milling?: {
    undercut_area_mm2: number;
    undercuts: { area_mm2: number; at_mm: Point }[];
  } | null;
  mesh?: { open_edges: number; non_manifold_edges: number; misoriented_edges: number };
  plate_thickness_mm?: number | null;
  cut_length_mm?: number;
  engrave_length_mm?: number;
  outer_loops?: number;
  inner_loops?: number;
  open_ends?: number;
  narrowest_wall_mm?: number | null;
  narrowest_gap_mm?: number | null;
  findings?: Finding[];
  verdicts?: ProcessVerdict[];
  estimates?: Estimate[];
}

// Of an inspected piece.
export interface Photo {
  work_order: string;
  epoch: number;
  fab: string;
}
