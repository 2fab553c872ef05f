import { headersOf, spanContextOf } from './trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

it.each([
  ['sampled', `00-${TRACE}-${SPAN}-01`, 1],
  ['not sampled', `00-${TRACE}-${SPAN}-00`, 0],
  ['with flags of later levels', `00-${TRACE}-${SPAN}-03`, 1],
  ['of a later version', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be`, 1],
  ['in bytes', Buffer.from(`00-${TRACE}-${SPAN}-01`), 1],
  ['alone in a list', [`00-${TRACE}-${SPAN}-01`], 1],
])('reads a traceparent %s', (_what, traceparent, traceFlags) => {
  expect(spanContextOf({ traceparent })).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true });
});

it.each([
  ['none', undefined],
  ['an empty one', ''],
  ['one with more than its version has', `00-${TRACE}-${SPAN}-01-more`],
  ['a version that never will be', `ff-${TRACE}-${SPAN}-01`],
  ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['no flags', `00-${TRACE}-${SPAN}`],
  ['two', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
  ['a number', 7],
])('takes %s for no traceparent', (_what, traceparent) => {
  expect(spanContextOf({ traceparent })).toBeNull();
});

it('writes what it reads, with the tracestate', () => {
  const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' };
  expect(headersOf(spanContextOf(headers) ?? undefined)).toEqual(headers);
});

it('drops a tracestate that nobody has to pass on', () => {
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  expect(headersOf(spanContextOf({ traceparent, tracestate: `a=${'b'.repeat(600)}` }) ?? undefined)).toEqual({ traceparent });
});

it('writes nothing where there is no span', () => {
  expect(headersOf(undefined)).toEqual({});
});
