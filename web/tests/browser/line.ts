// SPDX-License-Identifier: GPL-3.0-or-later
// The line between a browser and a router, made or real: it can break, and break in the middle.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Line {
  sent = 0; // Bytes towards the router, over all connections.
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private broken = false;
  // Where connections break by themselves, counted in `sent`.
  private breaks: number[] = [];

  private constructor(
    private readonly server: Server,
    private readonly to: URL,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  static async open(router: string): Promise<Line> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Line(server, new URL(router));
  }

  get base(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  // All connections end without a word, and new ones as well until it is mended.
  break(): void {
    this.broken = true;
    for (const pair of this.pairs) end(pair);
  }

  mend(): void {
    this.broken = false;
  }

  // Once for each of these many bytes from now; what was on the way by then arrives.
  breakAfter(...bytes: number[]): void {
    this.breaks = bytes.map((n) => this.sent + n).sort((a, b) => a - b);
  }

  async close(): Promise<void> {
    this.break();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(near: Socket): void {
    if (this.broken) {
      near.destroy();
      return;
    }
    const far = connect({
      port: Number(this.to.port),
      host: this.to.hostname,
      allowHalfOpen: true,
    });
    const pair = [near, far] as const;
    this.pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => end(pair));
      socket.on('close', () => {
        if (near.destroyed && far.destroyed) this.pairs.delete(pair);
      });
    }
    // A side that has said all still hears the other one.
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    far.on('data', (bytes) => near.write(bytes));
    near.on('data', (bytes) => {
      this.sent += bytes.length;
      const [next] = this.breaks;
      if (next === undefined || this.sent < next) {
        far.write(bytes);
        return;
      }
      this.breaks.shift();
      near.destroy();
      far.end(bytes.subarray(0, bytes.length - (this.sent - next)));
    });
  }
}

function end(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.destroy();
}
