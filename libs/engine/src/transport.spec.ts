// Names of topics and groups: whoever writes into one, and whoever watches it, rests on them.
import { openTransport, topicsOf } from './transport.js';

const named = (namespace: string, ...ingressTenants: string[]): object => {
  const { ingress, ...others } = topicsOf({ namespace, ingressTenants });
  return { ingress: Object.fromEntries(ingress), ...others };
};

it('names topics after the namespace, and one for each tenant from whom events come in', () => {
  expect(named('trellis', 'default')).toEqual({ ingress: { 'trellis.ingress': 'default' }, parked: 'trellis.parked', events: 'trellis.events', relay: 'trellis.relay' });
  expect(named('trial', 'default', 'north', 'south-7')).toEqual({
    ingress: { 'trial.ingress': 'default', 'trial.ingress.north': 'north', 'trial.ingress.south-7': 'south-7' },
    parked: 'trial.parked',
    events: 'trial.events',
    relay: 'trial.relay',
  });
  expect(named('trial', 'north')).toMatchObject({ ingress: { 'trial.ingress.north': 'north' } });
});

it('never gives two namespaces a topic in common', () => {
  const all = (namespace: string): readonly string[] => {
    const { ingress, parked, events, relay } = topicsOf({ namespace, ingressTenants: ['default', 'north'] });
    return [...ingress.keys(), parked, events, relay];
  };
  expect(new Set([...all('one'), ...all('two')]).size).toBe(all('one').length + all('two').length);
});

it('says which brokers cannot be reached', async () => {
  // Nothing listens on port 1.
  const opening = openTransport({ kafkaBrokers: '127.0.0.1:1', namespace: 'trellis', ingressTenants: ['default'] }, { clientId: 'spec' });
  await expect(opening).rejects.toMatchObject({ message: expect.stringMatching(/127\.0\.0\.1:1\b/), retriable: true });
});
