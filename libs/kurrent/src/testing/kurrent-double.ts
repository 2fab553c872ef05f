// A KurrentDB in this process, as far as its protocol shows: a gRPC server on loopback over a log in memory. It keeps the rules that the
// server documents, and does wrong what a test tells it to.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { appendHandler, appendRecordsHandler, appendSessionHandler, batchAppendHandler } from './double-appends.js';
import { DoubleLog } from './double-log.js';
import { readHandler } from './double-reads.js';
import type { DoubleNode, EndPoint, Faults } from './faults.js';
import { wire } from './wire.js';

export interface KurrentDoubleOptions {
  /** Nodes of one cluster share it. */
  readonly log?: DoubleLog;
  /** Where it listens; any free port unless it must be a certain one. */
  readonly port?: number;
  /** What the server says it has, beside reading and appending: appends in batches, to many streams at once, and to many in one order. */
  readonly features?: readonly ('batch-append' | 'append-session' | 'append-records')[];
}

export interface KurrentDouble {
  readonly log: DoubleLog;
  readonly faults: Faults;
  readonly counts: DoubleNode['counts'];
  readonly endPoint: EndPoint;
  /** For one node; a test of a cluster names the end points itself. */
  readonly connectionString: string;
  /** Sends calls that need the leader there; null makes this node the leader. */
  followLeader(leader: EndPoint | null): void;
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  /** Waits so long before each append and each page of events; 0 makes it fast again. */
  slow(waitMs: number): void;
  close(): Promise<void>;
}

export async function openKurrentDouble({ log = new DoubleLog(), port: portWanted = 0, features = ['batch-append', 'append-session', 'append-records'] }: KurrentDoubleOptions = {}): Promise<KurrentDouble> {
  const sockets = new Set<Socket>();
  const faults: Faults = { appends: [], reads: [], subscriptions: [] };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const node: DoubleNode = {
    faults,
    underway: { before: [], after: [] },
    counts: { appends: 0, sessions: 0, inOrder: 0, reads: 0, subscriptions: 0, eventsSent: 0 },
    leader: null,
    waitMs: 0,
    cut,
  };
  const server = new Server();
  server.addService(wire.streamsService.StreamsService, {
    read: readHandler(log, node),
    append: appendHandler(log, node),
    batchAppend: batchAppendHandler(log, node),
  });
  server.addService(wire.sessionsService.StreamsServiceService, {
    appendSession: appendSessionHandler(log, node),
    appendRecords: appendRecordsHandler(log, node),
  });
  server.addService(wire.featuresService.ServerFeaturesService, { getSupportedMethods: featuresHandler(features) });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A broken connection is what tests ask for; whoever used it hears of it from gRPC.
    socket.on('error', () => socket.destroy());
    injector.injectConnection(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(portWanted, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address of this shape.
  const { port } = listener.address() as AddressInfo;
  server.addService(wire.gossipService.GossipService, { read: gossipHandler(node, { host: '127.0.0.1', port }) });
  return {
    log,
    faults,
    counts: node.counts,
    endPoint: { host: '127.0.0.1', port },
    connectionString: `kurrentdb://127.0.0.1:${port}?tls=false`,
    followLeader: (leader) => {
      node.leader = leader;
    },
    cut,
    slow: (waitMs) => {
      node.waitMs = waitMs;
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        cut();
        injector.destroy();
        server.forceShutdown();
      }),
  };
}

function featuresHandler(features: readonly string[]) {
  return (_call: unknown, callback: sendUnaryData<InstanceType<typeof wire.features.SupportedMethods>>): void => {
    const supported = new wire.features.SupportedMethods().setEventStoreServerVersion('26.1.0');
    const add = (service: string, method: string): void => {
      supported.addMethods(new wire.features.SupportedMethod().setServiceName(service).setMethodName(method));
    };
    add('event_store.client.streams.streams', 'read');
    add('event_store.client.streams.streams', 'append');
    if (features.includes('batch-append')) add('event_store.client.streams.streams', 'batchappend');
    if (features.includes('append-session')) add('kurrentdb.protocol.v2.streams.streamsservice', 'appendsession');
    if (features.includes('append-records')) add('kurrentdb.protocol.v2.streams.streamsservice', 'appendrecords');
    callback(null, supported);
  };
}

/** A cluster as this node sees it: itself, and the leader if that is another one. */
function gossipHandler(node: DoubleNode, own: EndPoint) {
  const { ClusterInfo, EndPoint: Address, MemberInfo } = wire.gossip;
  return (_call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<InstanceType<typeof ClusterInfo>>): void => {
    const member = ({ host, port }: EndPoint, state: number): InstanceType<typeof MemberInfo> =>
      new MemberInfo().setState(state).setIsAlive(true).setTimeStamp('0').setHttpEndPoint(new Address().setAddress(host).setPort(port))
        .setInstanceId(new wire.shared.UUID().setString(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`));
    const { LEADER, FOLLOWER } = MemberInfo.VNodeState;
    const members = node.leader === null ? [member(own, LEADER)] : [member(own, FOLLOWER), member(node.leader, LEADER)];
    callback(null, new ClusterInfo().setMembersList(members));
  };
}
