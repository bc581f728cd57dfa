// SPDX-License-Identifier: GPL-3.0-or-later
// A router that is not one: it follows the contract of the HTTP interface, so that the page can be
// tested without the programs, and can do what a real one should not: vanish, stall, forget.

import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';

import { FakeNetwork, type FakeOptions } from './fake/network.ts';
import { checkOf, quoteOf } from './fake/answers.ts';
import { reportSample } from './fake/report.ts';
import type { ActionRequest, JobQuestion, JobRequest, Me } from './fake/shapes.ts';

// The policy that the router sends with the page.
export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export const tokens = {
  designer: `nf_${'d'.repeat(43)}`,
  operator: `nf_${'o'.repeat(43)}`,
  admin: `nf_${'a'.repeat(43)}`,
  reader: `nf_${'r'.repeat(43)}`,
  guest: `nf_${'g'.repeat(43)}`,
};

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly next: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

export class FakeRouter {
  readonly network: FakeNetwork;
  down = false; // Sockets are cut and nothing is answered.
  slowMs = 0;
  chunkFailures = 0; // So many pieces of an upload are cut off on the way.
  readonly photos = new Map<string, Buffer>(); // By work order.
  requests: string[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly who = new Map<string, Partial<Me> & { role: Me['role'] }>();
  private readonly keys = new Map<string, { body: string; job: string }>();
  private readonly designs = new Map<string, { size: number; bytes: Buffer }>();

  constructor(
    private readonly folder: string,
    options: FakeOptions = {},
  ) {
    this.network = new FakeNetwork(options);
    this.who.set(tokens.designer, { name: 'ada', role: 'designer', fabs: [] });
    this.who.set(tokens.operator, {
      name: 'olive',
      role: 'operator',
      fabs: ['grenoble', 'lyon', 'saint_etienne'],
    });
    this.who.set(tokens.admin, { name: 'root', role: 'admin', fabs: ['grenoble'] });
    this.who.set(tokens.guest, { name: 'gus', role: 'designer', fabs: [] });
    this.who.set(tokens.reader, { name: 'rita', role: 'read_only', fabs: [] });
    this.server = createServer((ask, answer) => {
      void this.handle(ask, answer);
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.network.stop();
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  goDown(): void {
    this.down = true;
    this.cut();
  }

  comeBack(): void {
    this.down = false;
  }

  expire(token: string): void {
    this.who.delete(token);
    this.cut();
  }

  private async handle(ask: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (this.down) {
      ask.socket.destroy();
      return;
    }
    const url = new URL(ask.url ?? '/', 'http://fake');
    this.requests.push(`${ask.method} ${url.pathname}`);
    try {
      if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs));
      if (url.pathname.startsWith('/api/')) await this.api(ask, answer, url);
      else this.page(answer, url.pathname);
    } catch (thrown) {
      if (answer.headersSent || answer.destroyed) return;
      const refused =
        thrown instanceof Refused ? thrown : new Refused(500, String(thrown), 'look at the test');
      answer.writeHead(refused.status, { 'Content-Type': 'application/problem+json' });
      answer.end(
        JSON.stringify({
          type: 'about:blank',
          title: refused.message,
          status: refused.status,
          detail: refused.detail,
          next: refused.next,
          code: `e${refused.status}`,
          ...refused.more,
        }),
      );
    }
  }

  private page(answer: ServerResponse, path: string): void {
    const name = normalize(path === '/' ? '/index.html' : path);
    const file = join(this.folder, name);
    if (!file.startsWith(this.folder) || !existsSync(file)) {
      answer.writeHead(404).end();
      return;
    }
    answer.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    answer.end(readFileSync(file));
  }

  private say(answer: ServerResponse, value: unknown, status = 200): void {
    answer.writeHead(status, { 'Content-Type': 'application/json' });
    answer.end(JSON.stringify(value));
  }

  private async body(ask: IncomingMessage): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of ask) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }

  private async json<T>(ask: IncomingMessage): Promise<T> {
    if (ask.headers['content-type'] !== 'application/json') {
      throw new Refused(415, 'the body must be application/json', 'send JSON');
    }
    return JSON.parse((await this.body(ask)).toString('utf8')) as T;
  }

  private async api(ask: IncomingMessage, answer: ServerResponse, url: URL): Promise<void> {
    const token = (ask.headers.authorization ?? '').replace(/^Bearer /, '');
    const who = this.who.get(token);
    if (!who) {
      throw new Refused(401, 'this token is not known, or not any more', 'ask for a new token');
    }
    const [, , , kind, id, verb] = url.pathname.split('/').map(decodeURIComponent);
    const net = this.network;
    const needs = (...roles: Me['role'][]) => {
      if (!roles.includes(who.role))
        throw new Refused(403, `a ${who.role} may not`, 'ask for more');
    };
    const writes = () => needs('designer', 'operator', 'admin');
    if (kind === 'me') {
      this.say(answer, {
        fabs: [],
        network: 'rhone-alpes',
        version: '0.1.0',
        processes: ['fdm', 'sla', 'laser_cut', 'cnc_mill'],
        materials: [
          'pla',
          'petg',
          'abs',
          'asa',
          'resin_std',
          'plywood_birch',
          'acrylic',
          'alu_6061',
        ],
        limits: { design_bytes: 64 * 1024 * 1024, chunk_bytes: 128 * 1024 },
        ...who,
      });
    } else if (kind === 'fabs' && !id) {
      this.say(answer, net.geojson());
    } else if (kind === 'fabs' && id && verb === 'board') {
      if (who.role !== 'admin' && !who.fabs?.includes(id))
        throw new Refused(403, 'not your fab', '');
      const board = net.board(id);
      if (!board) throw new Refused(409, 'the agent is not connected', 'look whether it runs');
      this.say(answer, board);
    } else if (kind === 'fabs' && id && verb === 'actions') {
      needs('operator', 'admin');
      const key = ask.headers['idempotency-key'];
      if (typeof key !== 'string') throw new Refused(400, 'Idempotency-Key is missing', 'send one');
      const request = await this.json<ActionRequest>(ask);
      const told = net.act(id, request);
      if (told.refused)
        throw new Refused(409, told.refused, told.next ?? 'look at the board again');
      this.say(answer, { text: told.text });
    } else if (kind === 'jobs' && !id && ask.method === 'GET') {
      this.say(answer, net.page(url.searchParams));
    } else if (kind === 'jobs' && !id) {
      writes();
      await this.submit(ask, answer);
    } else if (kind === 'jobs' && id) {
      const known = net.jobs.get(id);
      if (!known) throw new Refused(404, 'there is no such job', 'look at the list of jobs');
      if (verb === 'why') this.say(answer, known.why);
      else if (verb === 'photos') {
        const photos = known.job.work_orders
          .filter((order) => this.photos.has(order.work_order))
          .map(({ work_order, epoch, fab }) => ({ work_order, epoch, fab }));
        this.say(answer, { photos });
      } else if (verb === 'events') net.jobStream(known, ask, answer);
      else if (verb === 'cancel') {
        writes();
        const { reason } = await this.json<{ reason?: string }>(ask);
        this.say(answer, { text: 'cancelled', job: net.cancel(known, reason ?? '') });
      } else this.say(answer, known.job);
    } else if (kind === 'work_orders' && id && verb === 'photo') {
      await this.photo(ask, answer, id, who);
    } else if (kind === 'events') {
      net.stream(ask, answer);
    } else if (kind === 'designs') {
      writes();
      await this.design(ask, answer, id, verb);
    } else if (kind === 'quotes') {
      writes();
      this.say(answer, this.quote(await this.json<JobQuestion>(ask)));
    } else if (kind === 'report') {
      this.say(answer, reportSample(Number(url.searchParams.get('days') ?? 30)));
    } else {
      throw new Refused(404, 'there is no such thing', '');
    }
  }

  private async photo(
    ask: IncomingMessage,
    answer: ServerResponse,
    order: string,
    who: { role: Me['role'] },
  ): Promise<void> {
    if (ask.method === 'POST') {
      if (!['operator', 'admin'].includes(who.role)) throw new Refused(403, 'not for you', '');
      if (ask.headers['content-type'] !== 'image/jpeg') throw new Refused(415, 'no JPEG', '');
      this.photos.set(order, await this.body(ask));
      this.say(answer, { work_order: order, epoch: 1 }, 201);
      return;
    }
    const bytes = this.photos.get(order);
    if (!bytes) throw new Refused(404, 'there is no photo of this piece', '');
    answer.writeHead(200, { 'Content-Type': 'image/jpeg' });
    answer.end(bytes);
  }

  private sizeOf(question: JobQuestion): number[] {
    const part = question.parts[0];
    const known = part && this.designs.get(part.design);
    if (!part || !known) throw new Refused(409, 'the design is not here', 'upload it first');
    const found = checkOf(part.file_name, known.bytes, part.design);
    if ('code' in found) throw new Refused(422, found.message, found.next, { error: found });
    return found.size_mm ?? [...(found.bounds_mm?.max ?? []), part.thickness_mm ?? 3];
  }

  private quote(question: JobQuestion) {
    return quoteOf(question, this.network.fabs, this.sizeOf(question));
  }

  private async submit(ask: IncomingMessage, answer: ServerResponse): Promise<void> {
    const key = ask.headers['idempotency-key'];
    if (typeof key !== 'string') throw new Refused(400, 'Idempotency-Key is missing', 'send one');
    const request = await this.json<JobRequest>(ask);
    const body = JSON.stringify(request);
    const before = this.keys.get(key);
    if (before && before.body !== body)
      throw new Refused(409, 'the key was used before', 'new key');
    const job = before?.job ?? this.network.submit(request, this.quote(request));
    this.keys.set(key, { body, job });
    if (before) this.say(answer, { job, existed: true });
    else this.say(answer, { job, existed: false }, 201);
  }

  private async design(
    ask: IncomingMessage,
    answer: ServerResponse,
    hash: string | undefined,
    verb: string | undefined,
  ): Promise<void> {
    const told = (design: string) => {
      const known = this.designs.get(design);
      if (!known) throw new Refused(404, 'the design is not known', 'upload it');
      const received = known.bytes.length;
      return { design, size: known.size, received, complete: received === known.size };
    };
    if (!hash) {
      const { design, size } = await this.json<{ design: string; size: number }>(ask);
      if (!this.designs.has(design)) this.designs.set(design, { size, bytes: Buffer.alloc(0) });
      this.say(answer, told(design));
    } else if (ask.method === 'PATCH') {
      const known = this.designs.get(hash);
      if (!known) throw new Refused(404, 'the design is not known', 'announce it');
      const offset = Number(ask.headers['upload-offset']);
      if (offset !== known.bytes.length) {
        throw new Refused(409, `the next byte is ${known.bytes.length}`, 'go on there', {
          received: known.bytes.length,
        });
      }
      const piece = await this.body(ask);
      if (this.chunkFailures > 0) {
        this.chunkFailures -= 1;
        known.bytes = Buffer.concat([known.bytes, piece.subarray(0, piece.length >> 1)]);
        ask.socket.destroy(); // Half of it arrived, and the answer is lost.
        return;
      }
      known.bytes = Buffer.concat([known.bytes, piece]);
      if (known.bytes.length === known.size) {
        const right = bytesToHex(blake2b(known.bytes, { dkLen: 32 }));
        if (right !== hash) {
          this.designs.delete(hash);
          throw new Refused(422, 'the bytes are not those of that hash', 'send it again');
        }
      }
      this.say(answer, told(hash));
    } else if (verb === 'check') {
      const { file_name } = await this.json<{ file_name: string }>(ask);
      const known = this.designs.get(hash);
      if (!known) throw new Refused(404, 'the design is not known', 'upload it');
      const found = checkOf(file_name, known.bytes, hash);
      if ('code' in found) throw new Refused(422, found.message, found.next, { error: found });
      this.say(answer, found);
    } else {
      this.say(answer, told(hash));
    }
  }
}
