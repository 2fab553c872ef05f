// The official client, with reads that go over the gRPC connection that it keeps for appends and subscriptions. Its own reads go through a
// native half with a second connection, which leaves Nagle's algorithm on (about every third read waits 40 ms for a delayed
// acknowledgement), knows no deadline, and cuts the time of an event to seconds.
import { convertToCommandError, KurrentDBClient } from '@kurrent/kurrentdb-client';
import grpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type { ReadReq } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { answerOf, type Answer, type KeptEvent } from './answers.js';

/** A call on which the server answers. */
export type AnswerCall = ReturnType<typeof makeCall>;
type CallArguments = ReturnType<KurrentDBClient['callArguments']>;

export class ReadingClient extends KurrentDBClient {
  /** As `connectionString`, which makes its own class on whatever it is called. This class adds no field, so its prototype is all it needs. */
  static open(full: string): ReadingClient {
    return Object.setPrototypeOf(KurrentDBClient.connectionString(full), ReadingClient.prototype) as ReadingClient; // what was just made of it
  }

  /** The events of one read, or null if the stream does not exist. */
  async page(request: ReadReq, msMax: number): Promise<readonly KeptEvent[] | null> {
    return new Promise((resolve, reject) => {
      const events: KeptEvent[] = [];
      let exists = true;
      const listen = (call: AnswerCall): void => {
        call.on('data', (answer: Answer) => {
          if (answer.kind === 'event') events.push(answer.event);
          if (answer.kind === 'stream-not-found') exists = false;
        });
        call.on('error', (error) => reject(convertToCommandError(error)));
        call.on('end', () => resolve(exists ? events : null));
      };
      this.answers(request, msMax, listen).catch(reject);
    });
  }

  /** Opens the call; `listen` gets it before the server can have said anything. The leader answers. */
  async answers(request: ReadReq, msMax: number, listen: (call: AnswerCall) => void): Promise<AnswerCall> {
    // Credentials, the node to ask, reconnecting after a failure and the end of the call with `dispose` stay the client's.
    return this.GRPCStreamCreator(grpc.StreamsClient, 'read', (client) => {
      const call = makeCall(client, request, this.callArguments({ requiresLeader: true }, { deadline: msMax === Infinity ? Infinity : Date.now() + msMax }));
      listen(call);
      return call;
    })();
  }
}

const { path, requestSerialize } = grpc.StreamsService.read;

function makeCall(client: InstanceType<typeof grpc.StreamsClient>, request: ReadReq, [metadata, options]: CallArguments) {
  return client.makeServerStreamRequest(path, requestSerialize, answerOf, request, metadata, options);
}
