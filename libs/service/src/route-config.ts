// What a route tells the HTTP layer before any controller runs, and what that layer notes on a request.

import { RouteConfig } from '@nestjs/platform-fastify';
import type { KeyHolder } from './keys.js';
import type { ProblemCode } from './problems.js';
import type { RequestSpan } from './tracing.js';

/** From what is refused first to what is refused last; the first two alike. */
export const ADMISSION_CLASSES = ['recommendation', 'read', 'write'] as const;
export type AdmissionClass = (typeof ADMISSION_CLASSES)[number];

interface RouteTraits {
  /** Whether everybody may call it. */
  open?: true;
  /** The most bytes that its body may have. */
  bodyBytesMax?: number;
  /** Whether it is answered however busy the service is. */
  ungated?: true;
  /** How gladly it is refused when there is too much to do; left out, `read` for GET and HEAD and `write` for all else. */
  admittedAs?: AdmissionClass;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteTraits {
    /** Fastify's own. */
    url?: string;
  }
  interface FastifyRequest {
    /** Null: nobody that is known. */
    caller: KeyHolder | null;
    /** The code that the answer carries, if it is a problem. */
    problemCode: ProblemCode | null;
    isAnswered: boolean;
    /** Turned away by the gate. */
    isRefused: boolean;
    /** Null: the request is not traced. */
    span: RequestSpan | null;
  }
}

/** What Nest keeps under this key replaces what was there; several decorators on one route must add up. */
const NEST_KEY = '__fastify_route_config__';

export function routeConfig(traits: RouteTraits): MethodDecorator {
  return (target, name, descriptor) => {
    const handler = descriptor.value;
    const before: unknown = typeof handler === 'function' ? Reflect.getMetadata(NEST_KEY, handler) : {};
    RouteConfig({ ...(typeof before === 'object' ? before : {}), ...traits })(target, name, descriptor);
  };
}

/** For what must answer most of all when nothing else does: health and metrics. */
export const Ungated = () => routeConfig({ ungated: true });

/** Lets one route take more than the service's usual limit. */
export const BodyLimit = (bytes: number) => routeConfig({ bodyBytesMax: bytes });

/** For a route that only asks although its method says that it writes. */
export const AdmittedAs = (admittedAs: AdmissionClass) => routeConfig({ admittedAs });
