import { addressOf } from './address.js';

it.each<[string, object]>([
  ['one.example:9092', { brokers: ['one.example:9092'], tls: false, login: null, shown: 'one.example:9092' }],
  ['one:9092, two:9093', { brokers: ['one:9092', 'two:9093'], shown: 'one:9092,two:9093' }],
  ['[::1]:9092', { brokers: ['[::1]:9092'] }],
  ['kafka://one:9092?tls=true', { brokers: ['one:9092'], tls: true, login: null }],
  ['kafka://ana:p%40ss@one:9092,two:9092?tls=true&sasl=scram-sha-512', {
    brokers: ['one:9092', 'two:9092'], tls: true, login: { mechanism: 'scram-sha-512', username: 'ana', password: 'p@ss' }, shown: 'ana:***@one:9092,two:9092',
  }],
  ['kafka://ana:secret@one:9092', { login: { mechanism: 'plain', username: 'ana', password: 'secret' } }],
])('reads %s', (text, address) => {
  expect(addressOf(text)).toMatchObject(address);
});

it.each<[string, string]>([
  ['', 'broker "" is not host:port'],
  ['one', 'broker "one" is not host:port'],
  ['one:99999', 'broker "one:99999" is not host:port'],
  ['one:9092,', 'broker "" is not host:port'],
  ['http://one:9092', 'the address of the brokers is not host:port,host:port, nor kafka://user:password@host:port'],
  ['kafka://ana:secret@one:9092?sasl=magic', 'sasl=magic is none of plain, scram-sha-256, scram-sha-512'],
  ['kafka://one:9092?ssl=true', '"ssl" is not an option of the address; there are tls and sasl'],
])('refuses %j in a sentence', (text, message) => {
  expect(() => addressOf(text)).toThrow(message);
  expect(() => addressOf(text)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') as string }));
});
