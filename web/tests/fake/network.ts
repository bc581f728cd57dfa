// SPDX-License-Identifier: GPL-3.0-or-later
// The state of the fake network: jobs that go their way, machines, streams of what happens.

import type { IncomingMessage, ServerResponse } from 'node:http';

import { nearFirst } from './order.ts';
import type {
  ActionRequest,
  Board,
  BoardWork,
  Fab,
  Job,
  JobRequest,
  Quote,
  Why,
} from './shapes.ts';
import { jobOf, manyFabs, manyJobs, moreFabs, threeFabs, workOf, type KnownJob } from './world.ts';

export interface FakeOptions {
  fabs?: number; // That many made-up ones instead of the example's.
  jobs?: number;
  more?: boolean; // The example's fabs and some neighbours in every state.
  stepMs?: number; // Between two steps of a job.
  manual?: boolean; // Offers wait for an operator.
  pageRows?: number;
}

interface Told {
  text?: string;
  refused?: string;
  next?: string;
}

export class FakeNetwork {
  fabs: Fab[];
  readonly jobs = new Map<string, KnownJob>();
  readonly work = new Map<string, BoardWork & { job: string }>();
  presenceCode = 'brass otter';
  private readonly streams = new Set<ServerResponse>();
  private readonly watchers = new Map<string, Set<ServerResponse>>();
  private readonly past: string[] = [];
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private counter = 0;
  private readonly stepMs: number;
  private readonly pageRows: number;

  constructor(private readonly options: FakeOptions) {
    this.stepMs = options.stepMs ?? 120;
    this.pageRows = options.pageRows ?? 200;
    this.fabs = options.fabs
      ? manyFabs(options.fabs)
      : options.more
        ? [...threeFabs(), ...moreFabs()]
        : threeFabs();
    for (const job of manyJobs(options.jobs ?? 0, this.fabs, Date.now())) {
      this.jobs.set(job.job, {
        job,
        events: [],
        why: { job: job.job, work_orders: [], more: false, remarks: [] },
      });
    }
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  geojson() {
    return {
      type: 'FeatureCollection',
      more: false,
      features: this.fabs.map(({ place, ...properties }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [place.longitude_deg, place.latitude_deg] },
        properties,
      })),
    };
  }

  page(query: URLSearchParams) {
    const final = query.get('include_final') === 'true';
    const listed = [...this.jobs.values()]
      .map((known) => known.job)
      .filter((job) => final || !job.final)
      .sort(nearFirst);
    const after = query.get('after');
    const from = after ? listed.findIndex((job) => job.job === after) + 1 : 0;
    const rows = listed.slice(from, from + this.pageRows);
    const more = from + rows.length < listed.length;
    const last = rows[rows.length - 1];
    const next = more && last ? { after: last.job, after_submitted_at: last.submitted_at } : null;
    return { jobs: rows, more, next };
  }

  later(ms: number, what: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      what();
    }, ms);
    this.timers.add(timer);
  }

  // ---- Streams -----------------------------------------------------------------------------

  private open(answer: ServerResponse): void {
    answer.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    answer.write(': hello\n\n');
  }

  stream(ask: IncomingMessage, answer: ServerResponse): void {
    this.open(answer);
    const last = ask.headers['last-event-id'];
    // Where a page stands that has heard nothing yet.
    if (last === undefined) answer.write(`id: ${this.past.length}\n\n`);
    if (last !== undefined) {
      const from = Number(last);
      if (Number.isInteger(from) && from <= this.past.length) {
        for (const line of this.past.slice(from)) answer.write(line);
      } else {
        answer.write('event: resync\ndata: {}\n\n');
      }
    }
    this.streams.add(answer);
    answer.on('close', () => this.streams.delete(answer));
  }

  private tell(event: string, data: unknown): void {
    const line = `id: ${this.past.length + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.past.push(line);
    for (const one of this.streams) one.write(line);
  }

  jobStream(known: KnownJob, ask: IncomingMessage, answer: ServerResponse): void {
    this.open(answer);
    const last = Number(ask.headers['last-event-id'] ?? 0);
    for (const event of known.events) {
      if (event.number > last) this.writeEvent(answer, known, event.number);
    }
    answer.write(`event: job_status\ndata: ${JSON.stringify(known.job)}\n\n`);
    if (known.job.final) {
      answer.end('event: end\ndata: {}\n\n');
      return;
    }
    const set = this.watchers.get(known.job.job) ?? new Set();
    this.watchers.set(known.job.job, set);
    set.add(answer);
    answer.on('close', () => set.delete(answer));
  }

  private writeEvent(to: ServerResponse, known: KnownJob, number: number): void {
    const event = known.events.find((one) => one.number === number);
    const line = { type: 'event', ...event };
    to.write(`id: ${number}\nevent: job_event\ndata: ${JSON.stringify(line)}\n\n`);
  }

  // ---- A job's way -------------------------------------------------------------------------

  note(known: KnownJob, text: string, order: string | null = null): void {
    const number = known.events.length + 1;
    const at = new Date().toISOString();
    known.events.push({ job: known.job.job, number, at, work_order: order, text });
    for (const one of this.watchers.get(known.job.job) ?? []) this.writeEvent(one, known, number);
  }

  change(known: KnownJob, part: Partial<Job>, order: Partial<Job['work_orders'][0]> = {}): void {
    const [first, ...rest] = known.job.work_orders;
    known.job = {
      ...known.job,
      ...part,
      changed_at: new Date().toISOString(),
      work_orders: first ? [{ ...first, ...order }, ...rest] : known.job.work_orders,
    };
    this.tell('job_status', known.job);
    for (const one of this.watchers.get(known.job.job) ?? []) {
      one.write(`event: job_status\ndata: ${JSON.stringify(known.job)}\n\n`);
      if (known.job.final) one.end('event: end\ndata: {}\n\n');
    }
  }

  setMachine(fabId: string, machineId: string, state: string): void {
    const fab = this.fabs.find((one) => one.fab === fabId);
    const machine = fab?.machines.find((one) => one.machine === machineId);
    if (machine) machine.state = state;
    this.tell('fabs_changed', { fabs: [fabId] });
  }

  submit(request: JobRequest, quote: Quote): string {
    const id = `j${String(++this.counter).padStart(3, '0')}${'0'.repeat(12)}`;
    const part = request.parts[0] as JobRequest['parts'][0];
    const job = jobOf(
      id,
      request.title ?? part.file_name,
      request.at,
      {
        state: 'analysing',
        parts: [
          {
            file: part.file_name,
            process: part.process,
            material: part.material,
            quantity: part.quantity,
          },
        ],
        work_orders: [
          {
            work_order: `${id}.1`,
            part: 0,
            state: 'queued',
            epoch: 0,
            attempts: 0,
            fab: null,
            machine: null,
            distance_km: null,
            disconnected: false,
            phase: null,
            progress: 0,
            remaining_s: 0,
            next: null,
            planned_fab: null,
            planned_machine: null,
          },
        ],
      },
      Date.now(),
    );
    const why: Why = { job: id, work_orders: [], more: false, remarks: [] };
    const known: KnownJob = { job, events: [], why };
    this.jobs.set(id, known);
    this.note(known, `submitted by ${job.submitter}`);
    this.change(known, {});
    this.later(this.stepMs, () => {
      this.note(known, 'analysed; 1 work order queued');
      this.change(known, { state: 'matching' });
      this.later(this.stepMs, () => this.offer(known, quote));
    });
    return id;
  }

  private offer(known: KnownJob, quote: Quote): void {
    const best = quote.candidates[0];
    const order = `${known.job.job}.1`;
    known.why = {
      ...known.why,
      work_orders: [
        {
          ...quote,
          work_order: order,
          part: 0,
          chosen: best?.fab ?? null,
          planned: null,
          at: new Date().toISOString(),
          words: [],
        },
      ],
    };
    if (!best) {
      this.change(known, { reason: 'no fab can make it now' });
      return;
    }
    const { fab, machine, distance_km } = best;
    this.note(known, `offered to ${fab} / ${machine} (${best.why})`, order);
    this.work.set(order, { ...workOf(known.job, 'seen', machine), job: known.job.job });
    this.change(
      known,
      { state: 'in_production' },
      { state: 'offered', fab, machine, distance_km, epoch: 1, attempts: 1 },
    );
    this.tell('fabs_changed', { fabs: [fab] });
    if (!this.options.manual) this.later(this.stepMs, () => this.accept(order));
  }

  private with(order: string) {
    const work = this.work.get(order);
    const known = work && this.jobs.get(work.job);
    return work && known ? { work, known } : null;
  }

  private accept(order: string): void {
    const found = this.with(order);
    if (!found) return;
    found.work.state = 'reserved';
    this.note(found.known, 'accepted', order);
    this.change(found.known, {}, { state: 'reserved', phase: 'slicing' });
    this.later(this.stepMs, () => this.run(order, 0));
  }

  private run(order: string, progress: number): void {
    const found = this.with(order);
    if (!found || found.known.job.final) return;
    const { work, known } = found;
    const { fab, machine } = known.job.work_orders[0] as Job['work_orders'][0];
    if (progress === 0) {
      this.note(known, 'started', order);
      this.setMachine(fab ?? '', machine ?? '', 'working');
    }
    if (progress < 1) {
      work.state = 'running';
      work.progress = progress;
      this.change(
        known,
        {},
        { state: 'producing', phase: null, progress, remaining_s: 600 * (1 - progress) },
      );
      this.later(this.stepMs, () => this.run(order, progress + 0.25));
      return;
    }
    work.state = 'produced';
    work.progress = 1;
    this.note(known, 'made; waits for inspection', order);
    this.change(known, {}, { state: 'produced', progress: 1, remaining_s: 0 });
    this.setMachine(fab ?? '', machine ?? '', 'awaiting_clear');
  }

  cancel(known: KnownJob, reason: string): Job {
    this.note(known, `job cancelled: ${reason || 'the designer cancelled it'}`);
    this.change(
      known,
      { state: 'cancelled', final: true, reason: reason || 'the designer cancelled it' },
      { state: 'cancelled' },
    );
    return known.job;
  }

  // ---- The operator ------------------------------------------------------------------------

  board(id: string): Board | null {
    const fab = this.fabs.find((one) => one.fab === id);
    if (!fab?.connected) return null;
    const own = [...this.work.values()].filter(
      (work) => this.jobs.get(work.job)?.job.work_orders[0]?.fab === id,
    );
    return {
      fab: fab.title,
      router: 'tcp://127.0.0.1:7440',
      connected: true,
      machines: fab.machines.map((machine) => ({
        ...machine,
        work_order: own.find((work) => work.machine === machine.machine)?.work_order ?? null,
        detail: null,
      })),
      work: own,
    };
  }

  act(fab: string, request: ActionRequest): Told {
    const order = request.work_order ?? '';
    const found = this.with(order);
    const known = this.fabs.find((one) => one.fab === fab);
    switch (request.action) {
      case 'accept':
        if (found?.work.state !== 'seen') return { refused: 'there is no such offer any more' };
        this.accept(order);
        return { text: 'accepted' };
      case 'decline':
        if (!found) return { refused: 'there is no such offer any more' };
        this.work.delete(order);
        this.note(found.known, `declined: ${request.text ?? ''}`, order);
        this.change(
          found.known,
          { state: 'matching' },
          { state: 'queued', fab: null, machine: null },
        );
        return { text: 'declined' };
      case 'inspect_good':
        if (found?.work.state !== 'produced') return { refused: 'it is not made yet' };
        found.work.state = 'inspected_good';
        this.note(found.known, 'inspected: good', order);
        this.change(found.known, { state: 'ready' }, { state: 'inspected' });
        return { text: 'noted as good' };
      case 'inspect_bad':
        if (!found) return { refused: 'it is not here' };
        found.work.state = 'inspected_bad';
        this.note(found.known, `inspected: bad: ${request.text ?? ''}`, order);
        this.change(found.known, { state: 'matching' }, { state: 'queued', fab: null });
        return { text: 'noted as bad' };
      case 'hand_over':
        if (found?.work.state !== 'inspected_good') return { refused: 'inspect it first' };
        this.work.delete(order);
        this.note(found.known, 'handed over', order);
        this.note(found.known, 'job closed');
        this.change(found.known, { state: 'closed', final: true }, { state: 'delivered' });
        return { text: 'handed over' };
      case 'presence':
        if (request.presence_code !== this.presenceCode) {
          return {
            refused: `that is not the code of machine ${request.machine}`,
            next: 'type the code that stands on the card at the machine',
          };
        }
        return { text: `a person is at machine ${request.machine} for the next 300 s` };
      case 'load': {
        const machine = known?.machines.find((one) => one.machine === request.machine);
        if (!machine) return { refused: `this fab has no machine ${request.machine}` };
        for (const stock of machine.materials) {
          if (stock.material === request.material) stock.available_g = request.grams ?? 0;
          else if (request.nothing_else) stock.available_g = 0;
        }
        return { text: `machine ${request.machine} has ${request.grams} g of ${request.material}` };
      }
      case 'clear_bed':
        this.setMachine(fab, request.machine ?? '', 'idle');
        return { text: 'the bed is clear' };
      case 'drain':
      case 'resume':
        for (const machine of known?.machines ?? []) {
          if (request.machine && machine.machine !== request.machine) continue;
          this.setMachine(fab, machine.machine, request.action === 'drain' ? 'drained' : 'idle');
        }
        return {
          text: request.action === 'drain' ? 'takes no new work' : 'takes work again',
        };
      default:
        return { text: request.action };
    }
  }
}
