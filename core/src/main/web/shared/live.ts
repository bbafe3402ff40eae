/** Server-sent events over fetch: unlike EventSource it says why it is away, and resumes after any refusal too. */

export interface LiveEvent {
  id: string | null;
  kind: string;
  data: string;
}

export type LiveStatus = 'connecting' | 'live' | 'away';

export interface Listener {
  event(event: LiveEvent): void;
  status(status: LiveStatus): void;
  /** The session is over: nobody tries again until somebody has logged in. */
  refused(): void;
}

/** The service says something at least this often, be it a comment; a quieter line is dead. */
export const DEAD_AFTER = 45_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;

/** Cuts a stream of text into events. Lines end in LF, CR LF or CR. */
export class EventReader {
  #rest = '';
  #kind = '';
  #data: string[] = [];
  #id: string | null = null;

  read(text: string): LiveEvent[] {
    const events: LiveEvent[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.#data.length > 0) {
          events.push({ id: this.#id, kind: this.#kind || 'message', data: this.#data.join('\n') });
        }
        this.#kind = '';
        this.#data = [];
        this.#id = null;
      } else if (!line.startsWith(':')) {
        this.#field(line);
      }
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') {
      this.#kind = value;
    } else if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'id') {
      this.#id = value;
    }
  }
}

export class Live {
  #stop = new AbortController();
  #lastId: string | null = null;
  #wake: (() => void) | null = null;
  #running = false;

  constructor(
    private readonly path: string,
    private readonly listener: Listener,
    private readonly get: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  start(): void {
    if (!this.#running) {
      this.#running = true;
      this.#stop = new AbortController();
      void this.#run(this.#stop.signal);
    }
  }

  stop(): void {
    this.#running = false;
    this.#stop.abort();
    this.#wake?.();
  }

  /** Whether a new line would go on where the last one broke; before the first numbered event it cannot. */
  get resumes(): boolean {
    return this.#lastId !== null;
  }

  /** Tries at once instead of waiting on: the browser is online again, or the page is looked at again. */
  hurry(): void {
    this.#wake?.();
  }

  async #run(stopped: AbortSignal): Promise<void> {
    let wait = FIRST_WAIT;
    this.listener.status('connecting');
    while (!stopped.aborted) {
      const outcome = await this.#listen(stopped);
      if (outcome === 'refused') {
        this.#running = false;
        this.listener.refused();
        return;
      }
      if (outcome === 'heard') {
        wait = FIRST_WAIT;
      }
      if (this.#running) {
        this.listener.status('away');
        await this.#pause(wait);
        wait = Math.min(LONGEST_WAIT, wait * 2);
      }
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #listen(stopped: AbortSignal): Promise<'heard' | 'away' | 'refused'> {
    const dead = new AbortController();
    let timer = setTimeout(() => dead.abort(), DEAD_AFTER);
    let heard = false;
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (this.#lastId !== null) {
        headers['last-event-id'] = this.#lastId;
      }
      const response = await this.get(this.path, {
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.any([stopped, dead.signal]),
      });
      if (response.status === 401 || response.status === 403) {
        return 'refused';
      }
      if (!response.ok || response.body === null) {
        return 'away';
      }
      heard = true;
      this.listener.status('live');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => dead.abort(), DEAD_AFTER);
        for (const event of events.read(chunk.value)) {
          this.#lastId = event.id ?? this.#lastId;
          this.listener.event(event);
        }
      }
    } catch {
      // The line broke or was silent too long: the loop says "away" and tries again.
    } finally {
      clearTimeout(timer);
    }
    return heard ? 'heard' : 'away';
  }
}
