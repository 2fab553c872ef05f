// JSON Schema to check what comes in. ajv compiles each schema once into a function that allocates nothing while all is
// well; only a failure is turned into a field, a code and a sentence (schema-failure.ts).

import { Ajv, type AnySchema } from 'ajv';
import type { JsonSchema } from './json-schema.js';
import { Problem } from './problems.js';
import { failureOf, type Invalid } from './schema-failure.js';
import { timeMs } from './time.js';

export interface Schema<T> {
  readonly json: JsonSchema;
  /** Null: the value is a `T`. `at` is the path of the value itself, for messages. */
  check(value: unknown, at?: string): Invalid | null;
  /** The value itself, or a `Problem` thrown. */
  parse(value: unknown, at?: string): T;
}

const OPTIONS = {
  strict: true,
  // The branches of a `oneOf` may require what the schema around them describes.
  strictRequired: false,
  // A type such as `['number', 'null']` says what it means better than `anyOf`.
  allowUnionTypes: true,
  allErrors: false,
  // Errors carry the value and the schema that refused it. Costs nothing while there are none.
  verbose: true,
  discriminator: true,
  keywords: [{ keyword: 'opaque', schemaType: 'boolean' as const }, 'expects', 'example'],
  formats: { 'date-time': { type: 'string' as const, validate: (text: string) => timeMs(text) >= 0 } },
};

const bodies = new Ajv(OPTIONS);
/** What arrives as text may be read as a number or a boolean. */
const texts = new Ajv({ ...OPTIONS, coerceTypes: true });

/** Compiles a schema. `T` is the author's promise of what the schema lets through; ajv cannot prove it. */
export function schemaOf<T>(json: JsonSchema): Schema<T> {
  return compiled(bodies, json, 'body');
}

/** The same for query and path parameters: "5" is taken as 5 where a number is wanted, and replaced in the object given. */
export function querySchemaOf<T>(json: JsonSchema): Schema<T> {
  return compiled(texts, json, 'query');
}

function compiled<T>(ajv: Ajv, json: JsonSchema, whole: string): Schema<T> {
  // The cast: our schema type is ajv's object schema, read-only.
  const validate = ajv.compile(json as AnySchema);
  const check = (value: unknown, at = ''): Invalid | null =>
    validate(value) ? null : failureOf(validate.errors ?? [], value, at, whole);

  return {
    json,
    check,
    parse(value, at) {
      const invalid = check(value, at);
      if (invalid !== null) throw invalidProblem(invalid);
      // The cast: the schema let it through.
      return value as T;
    },
  };
}

export function invalidProblem({ field, value, code, message }: Invalid): Problem {
  return new Problem(code, `${message}.`, { field, value });
}
