// An OTLP/HTTP collector that keeps the spans it is sent, for specs.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Attributes = Readonly<Record<string, unknown>>;

export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Attributes;
  readonly isError: boolean;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** OTLP's numbers for them, from 1. */
const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR = 2;

/** The part of OTLP's JSON that is read here (opentelemetry/proto/trace/v1/trace.proto). */
interface TracesJson {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly AttributeJson[] };
    readonly scopeSpans: readonly { readonly spans: readonly SpanJson[] }[];
  }[];
}

interface SpanJson {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: readonly AttributeJson[];
  readonly status?: { readonly code?: number };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface AttributeJson {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** The bodies as they came, to look for what must not be in them. */
  readonly bodies: string[] = [];
  private readonly server: Server;

  /** `answers`: a collector that does not lets whoever sends wait. */
  private constructor(private readonly answers: boolean) {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  static async open({ answers = true } = {}): Promise<Collector> {
    const collector = new Collector(answers);
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get url(): string {
    // The cast: a server that listens on a port has an address with one.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The one span of this name. */
  span(name: string): CollectedSpan {
    const [span, ...more] = this.spans.filter((each) => each.name === name);
    if (span === undefined || more.length > 0) {
      throw new Error(`${span === undefined ? 'no' : more.length + 1} spans of the name ${name} among ${this.spans.map((each) => each.name).join(', ')}`);
    }
    return span;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (!this.answers) return;
    if (request.method !== 'POST' || request.url !== '/v1/traces') {
      response.writeHead(404).end();
      return;
    }
    this.bodies.push(body);
    // The cast: what the exporter sends is what this stands in for.
    for (const { resource, scopeSpans } of (JSON.parse(body) as TracesJson).resourceSpans) {
      const service = String(attributesOf(resource.attributes)['service.name']);
      for (const { spans } of scopeSpans) this.spans.push(...spans.map((span) => collected(service, span)));
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

function collected(service: string, { name, kind, traceId, spanId, parentSpanId, attributes, status, links }: SpanJson): CollectedSpan {
  return {
    service,
    name,
    kind: KINDS[kind - 1] ?? 'internal',
    traceId,
    spanId,
    parentSpanId,
    attributes: attributesOf(attributes ?? []),
    isError: status?.code === ERROR,
    links: (links ?? []).map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
  };
}

function attributesOf(list: readonly AttributeJson[]): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}
