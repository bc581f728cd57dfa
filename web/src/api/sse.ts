// SPDX-License-Identifier: GPL-3.0-or-later
// Server-sent events from a stream of bytes, as the HTML standard reads them. Pure.

export interface ServerEvent {
  event: string;
  data: string;
  id: string; // The newest that was said; '' before the first.
}

// Feed it text as it comes; it calls back for each whole event.
export class EventReader {
  private line = '';
  private afterReturn = false;
  private event = '';
  private data: string[] = [];
  private lastId = '';
  private saidId = '';
  private first = true;
  retry_ms: number | null = null;

  constructor(
    private readonly tell: (event: ServerEvent) => void,
    private readonly line_max = 4 * 1024 * 1024,
  ) {}

  feed(text: string): void {
    let from = 0;
    if (this.first && text.length > 0) {
      this.first = false;
      if (text.charCodeAt(0) === 0xfeff) from = 1;
    }
    for (let i = from; i < text.length; ++i) {
      const letter = text.charCodeAt(i);
      if (letter !== 10 && letter !== 13) {
        this.afterReturn = false;
        continue;
      }
      if (letter === 10 && this.afterReturn) {
        this.afterReturn = false;
        from = i + 1;
        continue;
      }
      this.afterReturn = letter === 13;
      this.take(this.line + text.slice(from, i));
      this.line = '';
      from = i + 1;
    }
    this.line += text.slice(from);
    if (this.line.length > this.line_max) throw new Error('A line of the stream is too long.');
  }

  private take(line: string): void {
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return; // A comment: a sign of life.
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.lastId = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry_ms = Number(value);
  }

  // The id of the newest event, also of one that said nothing else; '' before the first.
  get id(): string {
    return this.saidId;
  }

  private dispatch(): void {
    this.saidId = this.lastId;
    const data = this.data;
    const event = this.event || 'message';
    this.data = [];
    this.event = '';
    if (data.length === 0 && event !== 'end' && event !== 'resync') return;
    this.tell({ event, data: data.join('\n'), id: this.lastId });
  }
}
