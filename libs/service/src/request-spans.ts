// A span for every request. It ends where the request is counted and logged, in `http.ts`.

import type { FastifyInstance } from 'fastify';
import type { Tracing } from './tracing.js';

/** To be called before other hooks are added, so that their time is part of the span. */
export function addRequestSpans(instance: FastifyInstance, tracing: Tracing): void {
  instance.decorateRequest('span', null);
  if (!tracing.isOn) return;

  instance.addHook('onRequest', (request, _reply, done) => {
    const { config, url } = request.routeOptions;
    // Health and metrics are asked for all the time and explain nothing.
    if (config.ungated !== true) request.span = tracing.request(request.method, url, request.headers);
    done();
  });

  // Right before the handler, where no parser of bodies can lose it any more.
  instance.addHook('preValidation', (request, _reply, done) => {
    if (request.span === null) done();
    else request.span.enter(done);
  });
}
