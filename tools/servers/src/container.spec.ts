import { containerCommand } from './container.js';
import { brokerVariables } from './kafka.js';

const redis = { kind: 'redis', image: 'redis:7.4.2', port: 20_001, data: '/data', env: {}, args: ['redis-server', '--port', '20001'] };

it('is reached on the loopback address only, and takes its volume with it', () => {
  expect(containerCommand('one', { ...redis, folder: undefined })).toEqual({
    command: 'docker',
    args: ['run', '--rm', '--name', 'one', '-p', '127.0.0.1:20001:20001', '-v', 'one:/data', 'redis:7.4.2', 'redis-server', '--port', '20001'],
    killWith: ['docker', 'rm', '-f', 'one'],
    endWith: ['docker', 'volume', 'rm', '-f', 'one'],
  });
});

it('leaves a folder that was given', () => {
  const command = containerCommand('one', { ...redis, folder: '/srv/redis' });
  expect(command.args).toContain('/srv/redis:/data');
  expect(command.endWith).toBeUndefined();
});

it('gives settings to the image of Kafka as variables', () => {
  expect(brokerVariables({ 'auto.create.topics.enable': 'false', 'a-b_c.d': 'x' })).toEqual({ KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false', KAFKA_A___B__C_D: 'x' });
});
