// The wire message of a strategy.
import { STRATEGY_SCHEMA, type Strategy } from '@trellis/learning';
import { schemaOf } from '@trellis/service';

export const STRATEGY_JSON = STRATEGY_SCHEMA;
export const strategySchema = schemaOf<Strategy>(STRATEGY_SCHEMA);
