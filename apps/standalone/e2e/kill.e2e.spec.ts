// The whole service, killed again and again while it is busy: whatever it has answered it answers again, word for word.
import { call, chain, endProcesses, folder, removeFolders, startProcess } from './testing.js';

afterEach(() => {
  endProcesses();
  removeFolders();
});

const KILLS = 3;
/** Answers after which a process is killed, while others are on their way. */
const ANSWERED = [40, 1, 90];
const LEARNERS = 6;
const BATCH = 40;

interface Answered {
  readonly learner: string;
  readonly id: string;
  readonly text: string;
}

interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly object[];
}

const answer = (url: string, learner: string, id: string) =>
  call('POST', `${url}/v1/learners/${learner}/answers?next=1`, { id, item: 's1-1', correct: true, occurredAt: '2026-03-02T08:00:00.000Z' });

/** Of other learners: an answer between whose choice others keep coming goes without one, until it is sent again. */
const batchOf = (number: number): readonly object[] =>
  Array.from({ length: BATCH }, (_, n) => ({ id: `b${number}-${n}`, type: 'AnswerGiven', learner: `crowd-${n % LEARNERS}`, data: { item: 's1-2', correct: n % 2 === 0 } }));

it('gives every answer that it gave before a kill once more, and knows every batch that it took', async () => {
  const data = folder();
  const answered: Answered[] = [];
  const taken: number[] = [];
  let sent = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const process = startProcess({ TRELLIS_DATA: data });
    const url = await process.url();
    if (kill === 0) expect((await call('PUT', `${url}/v1/courses/chain`, chain())).status).toBe(200);
    const due = answered.length + (ANSWERED[kill] ?? 0);
    const answers = async (learner: string): Promise<void> => {
      for (;;) {
        const id = `answer-${sent++}`;
        // Whoever is cut off does not know what became of it.
        const reply = await answer(url, learner, id).catch(() => null);
        if (reply === null) return;
        expect(reply.status).toBe(200);
        answered.push({ learner, id, text: reply.text });
        if (answered.length === due) process.child.kill('SIGKILL');
      }
    };
    const batches = async (): Promise<void> => {
      for (;;) {
        const number = sent++;
        // As above.
        const reply = await call<Taken>('POST', `${url}/v1/events`, batchOf(number)).catch(() => null);
        if (reply === null) return;
        expect([reply.status, reply.body.accepted]).toEqual([200, BATCH]);
        taken.push(number);
      }
    };
    await Promise.all([...Array.from({ length: LEARNERS }, (_, n) => answers(`learner-${n}`)), batches(), batches()]);
    await process.exited;
  }

  const process = startProcess({ TRELLIS_DATA: data });
  const url = await process.url();
  for (const { learner, id, text } of answered) expect((await answer(url, learner, id)).text).toBe(text);
  for (const number of taken) expect((await call<Taken>('POST', `${url}/v1/events`, batchOf(number))).body).toMatchObject({ accepted: 0, duplicates: BATCH, rejected: [] });
  expect(taken.length).toBeGreaterThan(0);
  expect(await process.stop()).toBe(0);
});
