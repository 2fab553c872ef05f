import { addressOf } from './address.js';

const PASSWORD = 's3cr%21t%2Fx';

describe('an address of Redis', () => {
  it('has a port, a database and TLS as it says, and usual ones where it does not', () => {
    expect(addressOf('redis://one')).toMatchObject({ hosts: [{ host: 'one', port: 6379 }], tls: false, username: '', password: '', database: 0, shown: 'redis://one:6379' });
    expect(addressOf('rediss://one:7000/3')).toMatchObject({ hosts: [{ host: 'one', port: 7000 }], tls: true, database: 3, shown: 'rediss://one:7000/3' });
    expect(addressOf('redis://[::1]:7000')).toMatchObject({ hosts: [{ host: '::1', port: 7000 }], shown: 'redis://[::1]:7000' });
  });

  it('may be several, with or without the scheme again', () => {
    const hosts = [{ host: 'one', port: 7000 }, { host: 'two', port: 6379 }];
    expect(addressOf(`rediss://u:${PASSWORD}@one:7000, two`)).toMatchObject({ hosts, tls: true, username: 'u', password: 's3cr!t/x' });
    expect(addressOf('redis://one:7000,redis://two')).toMatchObject({ hosts, shown: 'redis://one:7000,redis://two:6379' });
  });

  it('is shown without user and password, and hides the password in any text', () => {
    const { shown, hide } = addressOf(`redis://user:${PASSWORD}@one:7000`);
    expect(shown).toBe('redis://***@one:7000');
    expect(hide(`cannot use ${PASSWORD} or s3cr!t/x at one`)).toBe('cannot use *** or *** at one');
  });

  it.each([
    ['another scheme',        `http://:${PASSWORD}@one`,                     /must be redis:\/\//],
    ['no scheme',             'one:6379',                                    /must be redis:\/\//],
    ['no host',               `redis://:${PASSWORD}@`,                       /cannot be read|names no host/],
    ['a port that is none',   `redis://:${PASSWORD}@one:port`,               /cannot be read/],
    ['a database by name',    `redis://:${PASSWORD}@one/rows`,               /database "rows", which is no number/],
    ['an option',             `redis://:${PASSWORD}@one?tls=true`,           /unknown option "tls"/],
    ['two passwords',         `redis://:${PASSWORD}@one,redis://:other@two`, /different schemes, users or passwords/],
    ['a database and others', `redis://:${PASSWORD}@one/1,two`,              /names a database/],
  ])('with %s is refused with a reason, and without its password', (_, text, reason) => {
    let message = '';
    try {
      addressOf(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(reason);
    expect(message).not.toContain('s3cr');
  });
});
