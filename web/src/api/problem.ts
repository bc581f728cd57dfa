// SPDX-License-Identifier: GPL-3.0-or-later
// What went wrong, in words, with what to do next (RFC 9457 and what never reached the router).

export type ProblemKind = 'offline' | 'refused' | 'unauthorised' | 'unreadable';

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly status: number; // 0: no answer came.
  readonly code: string;
  readonly next: string;
  readonly body: Record<string, unknown>;
  readonly retryAfter: number | null; // Seconds.

  constructor(
    kind: ProblemKind,
    words: string,
    next: string,
    more: {
      status?: number;
      code?: string;
      body?: Record<string, unknown>;
      retryAfter?: number | null;
    } = {},
  ) {
    super(words);
    this.name = 'Problem';
    this.kind = kind;
    this.next = next;
    this.status = more.status ?? 0;
    this.code = more.code ?? '';
    this.body = more.body ?? {};
    this.retryAfter = more.retryAfter ?? null;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

// Of an answer that is not 2xx. A proxy between may answer in HTML: then only the status is said.
export async function problemOf(answer: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    try {
      const read: unknown = await answer.json();
      if (read !== null && typeof read === 'object') body = read as Record<string, unknown>;
    } catch {
      body = {}; // Cut off on the way: the status still says what kind it is.
    }
  }
  const words =
    textOf(body.detail) ||
    textOf(body.title) ||
    `The router answered ${answer.status}${answer.statusText ? ` (${answer.statusText})` : ''}.`;
  const after = Number(answer.headers.get('retry-after'));
  return new Problem(answer.status === 401 ? 'unauthorised' : 'refused', words, textOf(body.next), {
    status: answer.status,
    code: textOf(body.code),
    body,
    retryAfter: Number.isFinite(after) && after > 0 ? after : null,
  });
}

export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem('unreadable', words, '');
}
