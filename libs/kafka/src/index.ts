export { KafkaError } from './errors.js';
export type { Batch, Consumer, ConsumerOptions, ConsumerStatus, Place } from './consumer.js';
export type { Delivered, Message } from './messages.js';
export { openKafka } from './open-kafka.js';
export type { Kafka, KafkaOptions, PartitionOffsets, Topic } from './open-kafka.js';
export type { Outgoing, Published, Publisher } from './publisher.js';
