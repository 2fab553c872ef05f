// HTTP/1.1 over one kept-alive connection, with as little work as possible: the generator shares the machine with what it
// measures. Requests are bytes made beforehand; of an answer only the status and the body are looked at.
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** The line of the status and all headers. */
  readonly head: string;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

export class Connection {
  private received: Buffer = NOTHING;
  private settle: ((answer: Answer) => void) | null = null;
  private fail: ((error: Error) => void) | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail?.(error));
    socket.on('close', () => this.fail?.(new Error('the connection was closed before an answer was whole')));
  }

  static open({ hostname, port }: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  /** False once the other side has closed it, also where nothing was on its way. */
  get isOpen(): boolean {
    return this.socket.writable;
  }

  /** One at a time: the answer must have come before the next request. */
  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.settle !== null) throw new Error('a request is on its way on this connection');
      // What is written to a closed socket is neither answered nor an error.
      if (!this.isOpen) throw new Error('the connection was closed by the other side');
      [this.settle, this.fail] = [resolve, reject];
      this.socket.write(request);
    });
  }

  close(): void {
    this.fail = null;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const end = headEnd + HEAD_END.length + Number(length ?? NaN);
    if (Number.isNaN(end)) {
      this.fail?.(new Error(`an answer without a content-length: ${head}`));
      return;
    }
    if (this.received.length < end) return;
    const answer = { status: Number(head.slice(9, 12)), head, body: this.received.subarray(headEnd + HEAD_END.length, end) };
    this.received = NOTHING;
    const settle = this.settle;
    [this.settle, this.fail] = [null, null];
    settle?.(answer);
  }
}

/** A whole request with a JSON body, of somebody with a key. */
export function jsonRequest(method: 'POST' | 'PUT', url: URL, path: string, body: string | Buffer, key?: string): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const authorization = key === undefined ? '' : `authorization: Bearer ${key}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${url.host}\r\n${authorization}content-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** Throws unless the answer is a success; a bench that counts refusals as work would lie. */
export function checked({ status, body }: Answer): Buffer {
  if (status < 200 || status > 299) throw new Error(`answered ${status}: ${body.toString().slice(0, 400)}`);
  return body;
}
