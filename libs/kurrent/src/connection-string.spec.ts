import { connectionStringOf } from './connection-string.js';
import { openKurrent } from './open-kurrent.js';

const PASSWORD = 's3cr%21t%2Fx';
const FULL = `kurrentdb://admin:${PASSWORD}@one:2113,two:2114?tls=true&tlsCAFile=/certs/ca.crt&userCertFile=/certs/u.crt&userKeyFile=/certs/u.key`;
const SECRETS = ['admin', PASSWORD, 's3cr!t/x', '/certs/ca.crt', '/certs/u.crt', '/certs/u.key'];

describe('a connection string', () => {
  it('goes to the client with a deadline and a name, unless it has its own', () => {
    expect(connectionStringOf('kurrentdb://one:2113?tls=false').full).toBe('kurrentdb://one:2113?tls=false&defaultDeadline=5000&connectionName=trellis');
    const own = 'kurrentdb+discover://one?default-deadline=9&connectionName=x';
    expect(connectionStringOf(` ${own} `).full).toBe(own);
    expect(connectionStringOf(FULL).full).toContain(`admin:${PASSWORD}@one:2113,two:2114?tls=true&tlsCAFile=/certs/ca.crt&`);
  });

  it('is shown without user, password and files', () => {
    const { shown } = connectionStringOf(FULL);
    expect(shown).toBe('kurrentdb://***@one:2113,two:2114?tls=true&tlsCAFile=***&userCertFile=***&userKeyFile=***');
  });

  it('hides its secrets in any text, as they are written and as they are meant', () => {
    const { hide } = connectionStringOf(FULL);
    const said = hide(`cannot use ${FULL} for ${SECRETS.join(', ')}: host one`);
    for (const secret of SECRETS) expect(said).not.toContain(secret);
    expect(said).toContain('host one');
  });

  it.each([
    ['another scheme',               `https://admin:${PASSWORD}@one`,                       /must begin with kurrentdb/],
    ['no host',                      `kurrentdb://admin:${PASSWORD}@?tls=true`,             /names no host/],
    ['credentials without password', `kurrentdb://${PASSWORD}@one`,                         /credentials without a password/],
    ['an unknown option',            `kurrentdb://admin:${PASSWORD}@one?tsl=true`,          /unknown option "tsl"/],
    ['a value that is none',         `kurrentdb://admin:${PASSWORD}@one?tls=perhaps`,       /KurrentDB at kurrentdb:\/\/\*\*\*@one\?tls=perhaps: .*true or false/],
    ['a file that is not there',     `kurrentdb://admin:${PASSWORD}@one?tlsCAFile=/no/ca`,  /Failed to load certificate file/],
  ])('with %s is refused with a reason, and without its secrets', (_, text, reason) => {
    const printed: unknown[] = [];
    const { warn } = console;
    console.warn = (...said: unknown[]) => void printed.push(...said);
    let message = '';
    try {
      openKurrent(text);
    } catch (error) {
      message = `${(error as Error).message} ${JSON.stringify(error)}`; // openKurrent throws errors
    }
    console.warn = warn;
    expect(message).toMatch(reason);
    for (const secret of [PASSWORD, 's3cr!t/x', '/no/ca']) expect(`${message} ${printed.join(' ')}`).not.toContain(secret);
  });

  it('leaves no secret in the error of a server that cannot be reached', async () => {
    // Port 9 of loopback: nobody listens there.
    const { store, close } = openKurrent(`kurrentdb://admin:${PASSWORD}@127.0.0.1:9?tls=false&discoveryInterval=1&maxDiscoverAttempts=1`);
    const error = await store.head().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'KurrentError', retriable: true });
    const { message, cause, stack } = error as Error; // checked above
    expect([message, stack, (cause as Error).message, (cause as Error).stack].join(' ')).not.toContain('s3cr');
    await close();
  });
});

describe('a namespace', () => {
  it.each(['a b', 'a.b', '$x', 'n'.repeat(65)])('%j is refused', (namespace) => {
    expect(() => openKurrent('kurrentdb://one?tls=false', { namespace })).toThrow(JSON.stringify(namespace));
  });
});
