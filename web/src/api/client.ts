// SPDX-License-Identifier: GPL-3.0-or-later
// One function for each thing that the router answers. Every failure is thrown as a Problem.

import { Problem, problemOf } from './problem.ts';
import type { Report } from './report_types.ts';
import type {
  ActionRequest,
  Board,
  CancelAnswer,
  Check,
  Fab,
  FabsAnswer,
  Job,
  JobAccepted,
  JobQuestion,
  JobRequest,
  Jobs,
  Me,
  PageMark,
  Photo,
  Place,
  Quote,
  Upload,
  Why,
} from './types.ts';

export interface Access {
  base: string; // Without a slash at its end; '' is the page's own host.
  token: () => string | null;
  refused: (problem: Problem) => void; // The token is not taken (any more).
}

export interface Ask {
  method?: string;
  body?: unknown; // JSON, or bytes.
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

interface Feature {
  properties: Omit<Fab, 'place'> & { place?: Place };
  geometry: { coordinates: number[] } | null;
}

function isBytes(body: unknown): body is Blob | ArrayBuffer {
  return body instanceof Blob || body instanceof ArrayBuffer;
}

export class Client {
  constructor(private readonly access: Access) {}

  async send(path: string, ask: Ask = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...ask.headers };
    const token = this.access.token();
    if (token) headers.Authorization = `Bearer ${token}`;
    const init: RequestInit = {
      method: ask.method ?? 'GET',
      headers,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
    };
    if (ask.signal) init.signal = ask.signal;
    if (isBytes(ask.body)) {
      init.body = ask.body;
    } else if (ask.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(ask.body);
    }
    let answer: Response;
    try {
      answer = await fetch(this.access.base + path, init);
    } catch (thrown) {
      if (ask.signal?.aborted) throw thrown;
      throw new Problem(
        'offline',
        'The router does not answer.',
        'Check the network; the page tries again by itself.',
      );
    }
    if (answer.ok) return answer;
    const problem = await problemOf(answer);
    if (problem.kind === 'unauthorised' && token !== null && token === this.access.token()) {
      this.access.refused(problem);
    }
    throw problem;
  }

  async json<T>(path: string, ask: Ask = {}): Promise<T> {
    const answer = await this.send(path, ask);
    try {
      return (await answer.json()) as T;
    } catch (thrown) {
      if (ask.signal?.aborted) throw thrown;
      throw new Problem(
        'unreadable',
        'The answer of the router cannot be read.',
        'Load the page again; its version may be older than the router.',
        { status: answer.status },
      );
    }
  }

  me(signal?: AbortSignal): Promise<Me> {
    return this.json('/api/v1/me', { signal });
  }

  async fabs(near?: Place, signal?: AbortSignal): Promise<FabsAnswer> {
    const query = near ? `?near=${near.latitude_deg},${near.longitude_deg}` : '';
    const read = await this.json<{ features: Feature[]; more?: boolean }>(`/api/v1/fabs${query}`, {
      signal,
    });
    return { fabs: read.features.map(fabOf), more: read.more ?? false };
  }

  jobs(from: PageMark | null, includeFinal: boolean, signal?: AbortSignal): Promise<Jobs> {
    const query = new URLSearchParams();
    if (includeFinal) query.set('include_final', 'true');
    if (from) {
      query.set('after', from.after);
      query.set('after_submitted_at', from.after_submitted_at);
    }
    const words = query.toString();
    return this.json(`/api/v1/jobs${words ? `?${words}` : ''}`, { signal });
  }

  job(id: string, signal?: AbortSignal): Promise<Job> {
    return this.json(`/api/v1/jobs/${encodeURIComponent(id)}`, { signal });
  }

  why(id: string, signal?: AbortSignal): Promise<Why> {
    return this.json(`/api/v1/jobs/${encodeURIComponent(id)}/why`, { signal });
  }

  cancel(id: string, reason: string): Promise<CancelAnswer> {
    return this.json(`/api/v1/jobs/${encodeURIComponent(id)}/cancel`, {
      method: 'POST',
      body: reason ? { reason } : {},
    });
  }

  announce(design: string, size: number, signal?: AbortSignal): Promise<Upload> {
    return this.json('/api/v1/designs', { method: 'POST', body: { design, size }, signal });
  }

  upload(design: string, signal?: AbortSignal): Promise<Upload> {
    return this.json(`/api/v1/designs/${design}`, { signal });
  }

  append(design: string, offset: number, chunk: Blob, signal?: AbortSignal): Promise<Upload> {
    return this.json(`/api/v1/designs/${design}`, {
      method: 'PATCH',
      body: chunk,
      headers: {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': String(offset),
      },
      signal,
    });
  }

  // A file that is refused comes as a Problem with status 422 and `error` in its body.
  check(
    design: string,
    question: { file_name: string; processes?: string[]; unit?: string; thickness_mm?: number },
    signal?: AbortSignal,
  ): Promise<Check> {
    return this.json(`/api/v1/designs/${design}/check`, {
      method: 'POST',
      body: question,
      signal,
    });
  }

  quote(question: JobQuestion, signal?: AbortSignal): Promise<Quote> {
    return this.json('/api/v1/quotes', { method: 'POST', body: question, signal });
  }

  submit(request: JobRequest, key: string): Promise<JobAccepted> {
    return this.json('/api/v1/jobs', {
      method: 'POST',
      body: request,
      headers: { 'Idempotency-Key': key },
    });
  }

  board(fab: string, signal?: AbortSignal): Promise<Board> {
    return this.json(`/api/v1/fabs/${encodeURIComponent(fab)}/board`, { signal });
  }

  act(fab: string, request: ActionRequest, key: string): Promise<{ text: string }> {
    return this.json(`/api/v1/fabs/${encodeURIComponent(fab)}/actions`, {
      method: 'POST',
      headers: { 'Idempotency-Key': key },
      body: request,
    });
  }

  // A JPEG, of a piece at a fab of ours.
  sendPhoto(
    order: string,
    epoch: number,
    picture: Blob,
  ): Promise<{ work_order: string; epoch: number }> {
    return this.json(photoPath(order, epoch), {
      method: 'POST',
      body: picture,
      headers: { 'Content-Type': 'image/jpeg' },
    });
  }

  photos(job: string, signal?: AbortSignal): Promise<{ photos: Photo[] }> {
    return this.json(`/api/v1/jobs/${encodeURIComponent(job)}/photos`, { signal });
  }

  async photo(order: string, epoch: number, signal?: AbortSignal): Promise<Blob> {
    const answer = await this.send(photoPath(order, epoch), {
      headers: { Accept: 'image/jpeg' },
      signal,
    });
    return answer.blob();
  }

  report(days: number, signal?: AbortSignal): Promise<Report> {
    return this.json(`/api/v1/report?days=${days}`, { signal });
  }
}

function photoPath(order: string, epoch: number): string {
  return `/api/v1/work_orders/${encodeURIComponent(order)}/photo?epoch=${epoch}`;
}

function fabOf(feature: Feature): Fab {
  const [longitude, latitude] = feature.geometry?.coordinates ?? [];
  const place = feature.properties.place ?? {
    latitude_deg: latitude ?? 0,
    longitude_deg: longitude ?? 0,
  };
  return { ...feature.properties, place };
}
