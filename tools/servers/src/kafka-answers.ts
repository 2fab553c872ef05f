// Whether a Kafka does its work, by its own protocol: a request for metadata, whose answer lists the brokers that are in service.
import { ask } from './sockets.js';

const METADATA_KEY = 3;
const METADATA_VERSION = 1;
const CORRELATION_ID = 1;
const NO_CLIENT_ID = -1;
const SIZE_BYTES = 4;
/** Of the answer: its size and the correlation id. */
const BROKER_COUNT_AT = 8;

export async function kafkaAnswers(port: number): Promise<boolean> {
  const answer = await ask(port, metadataRequest(), isWhole);
  return answer !== null && answer.length >= BROKER_COUNT_AT + SIZE_BYTES && answer.readInt32BE(BROKER_COUNT_AT) > 0;
}

/** About no topic at all. */
function metadataRequest(): Buffer {
  const request = Buffer.alloc(18);
  request.writeInt32BE(request.length - SIZE_BYTES, 0);
  request.writeInt16BE(METADATA_KEY, 4);
  request.writeInt16BE(METADATA_VERSION, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  request.writeInt16BE(NO_CLIENT_ID, 12);
  request.writeInt32BE(0, 14);
  return request;
}

function isWhole(answer: Buffer): boolean {
  return answer.length >= SIZE_BYTES && answer.length >= SIZE_BYTES + answer.readInt32BE(0);
}
