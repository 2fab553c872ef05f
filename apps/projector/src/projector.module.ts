import { Module, type DynamicModule } from '@nestjs/common';
import type { Engine, Transport } from '@trellis/engine';
import { Watching } from '@trellis/service';
import { GroupProjecting, TRANSPORT } from './group-projecting.js';
import { Leader } from './leader.js';
import { ENGINE, Projecting } from './projecting.js';

/** Keeps rows close behind the log: alone from the log itself, or as one of many from what Kafka delivers. */
@Module({})
export class ProjectorModule {
  static over(engine: Engine, transport: Transport | null = null): DynamicModule {
    const watched = { provide: 'watched-engine', inject: [Watching], useFactory: (watching: Watching) => watching.watch(engine) };
    const providers = transport === null ? [Projecting] : [GroupProjecting, Leader, { provide: TRANSPORT, useValue: transport }];
    return { module: ProjectorModule, providers: [watched, { provide: ENGINE, useValue: engine }, ...providers] };
  }
}
