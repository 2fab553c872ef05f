import { Module, type DynamicModule } from '@nestjs/common';
import type { Engine, Transport } from '@trellis/engine';
import { IngestModule } from '@trellis/ingest';
import { ProjectorModule } from '@trellis/projector';
import { RecommenderModule } from '@trellis/recommender';

/** The three services in one process. */
@Module({})
export class StandaloneModule {
  static over(engine: Engine, transport: Transport | null = null): DynamicModule {
    return { module: StandaloneModule, imports: [IngestModule.over(engine, transport), ProjectorModule.over(engine, transport), RecommenderModule.over(engine)] };
  }
}
