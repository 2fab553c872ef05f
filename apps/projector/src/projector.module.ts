import { Module, type DynamicModule } from '@nestjs/common';
import type { Engine } from '@trellis/engine';
import { ENGINE, Projecting } from './projecting.js';

/** Keeps rows close behind the log. */
@Module({})
export class ProjectorModule {
  static over(engine: Engine): DynamicModule {
    return { module: ProjectorModule, providers: [Projecting, { provide: ENGINE, useValue: engine }] };
  }
}
