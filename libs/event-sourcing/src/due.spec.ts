import { Due } from './due.js';

const later = <Value>(): { readonly promise: Promise<Value>; resolve(value: Value): void; reject(error: Error): void } => Promise.withResolvers<Value>();

it('answers what comes while nothing is due', async () => {
  expect(await new Due().or(Promise.resolve(1))).toBe(1);
});

it('says once that it is due, and then waits for the same again', async () => {
  const due = new Due();
  const [time, next] = [later<void>(), later<number>()];
  due.after(time.promise);
  const first = due.or(next.promise);
  time.resolve();
  expect(await first).toBe('due');
  expect(due.isSet).toBe(false);
  const second = due.or(next.promise);
  next.resolve(2);
  expect(await second).toBe(2);
});

it('is due at once where the time was over before anybody waited', async () => {
  const due = new Due();
  due.after(Promise.resolve());
  await Promise.resolve();
  expect(await due.or(later<number>().promise)).toBe('due');
});

it('answers what comes before the time, again and again, and what fails', async () => {
  const due = new Due();
  due.after(later<void>().promise);
  for (let n = 0; n < 3; n++) expect(await due.or(Promise.resolve(n))).toBe(n);
  await expect(due.or(Promise.reject(new Error('the log is gone')))).rejects.toThrow('the log is gone');
  expect(due.isSet).toBe(true);
});
