// A process of its own: the bare route that ingest is measured by. It parses, validates by the same schema, appends what came
// and makes it durable; it knows no course, looks for no repeats and keeps no rows. Its argument is a folder.
import { join } from 'node:path';
import { eventSchema } from '@trellis/ingest';
import { fastify } from 'fastify';
import { JoinedFile } from '../joined-file.js';
import { ownCpuText } from '../process-cpu.js';

const BODY_BYTES_MAX = 5 * 1024 * 1024;

const file = new JoinedFile(join(process.argv[2] ?? '.', 'events'));
const app = fastify({ bodyLimit: BODY_BYTES_MAX });

app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.post<{ Body: Buffer }>('/v1/events', async ({ body }, reply) => {
  const rows: unknown = JSON.parse(body.toString());
  if (!Array.isArray(rows) || rows.some((row) => eventSchema.check(row) !== null)) return reply.code(400).send({ rejected: true });
  await file.append(body);
  return { accepted: rows.length, duplicates: 0, rejected: [], position: null };
});

app.get('/metrics', (_request, reply) => reply.type('text/plain').send(ownCpuText()));

process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
