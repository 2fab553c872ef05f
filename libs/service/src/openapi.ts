// /openapi.json and /docs: made from the decorators of the controllers, served from this machine alone.

import { applyDecorators } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { JsonSchema } from './json-schema.js';
import { PROBLEM_CODES, PROBLEM_TYPE } from './problems.js';

export interface Documentation {
  readonly title: string;
  readonly description?: string;
  readonly version: string;
}

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: `${PROBLEM_CODES.join(', ')} or refused:<rule>; a fault (500) has none` },
    field: { type: 'string' },
    value: { type: ['string', 'number', 'boolean', 'null'] },
  },
};

/** The body that a route takes. With `ndjson` also as lines of such values: the schema is then that of an array. */
export function TakesBody(json: JsonSchema, as: { readonly ndjson?: true; readonly description?: string } = {}): MethodDecorator {
  const types = as.ndjson === true ? ['application/json', 'application/x-ndjson'] : ['application/json'];
  const description = as.description === undefined ? {} : { description: as.description };
  // The cast: OpenAPI 3.1 takes any JSON Schema; the library's type is that of 3.0.
  return applyDecorators(ApiConsumes(...types), ApiBody({ schema: json as object, ...description }));
}

/** The parameters behind the question mark: the properties of an object's schema. */
export function TakesQuery({ properties, required }: JsonSchema): MethodDecorator {
  // The casts: the author of a schema writes properties as schemas and what is required as names.
  const entries = Object.entries((properties ?? {}) as { readonly [name: string]: JsonSchema });
  const needed = (required ?? []) as readonly string[];
  // OpenAPI's words for a schema of a parameter are those of JSON Schema; the description stands beside it.
  return applyDecorators(
    ...entries.map(([name, { description = '', ...schema }]) => ApiQuery({ name, required: needed.includes(name), schema: schema as object, description: String(description) })),
  );
}

/** What a route answers when all goes well, and that it may answer problems. */
export function Answers(json: JsonSchema, as: { readonly summary: string; readonly status?: number; readonly description?: string }): MethodDecorator {
  const { summary, status = 200, description = 'Done' } = as;
  return applyDecorators(
    ApiOperation({ summary }),
    ApiResponse({ status, description, content: { 'application/json': { schema: json as object } } }),
    ApiResponse({ status: 'default', description: 'A problem', content: { [PROBLEM_TYPE]: { schema: PROBLEM_SCHEMA as object } } }),
  );
}

/** Must run before the application is initialised. The document itself is made when somebody first asks for it. */
export function publishDocumentation(app: NestFastifyApplication, { title, description = '', version }: Documentation): void {
  let document: OpenAPIObject | undefined;
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description)
    .setVersion(version)
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  SwaggerModule.setup('docs', app, () => (document ??= SwaggerModule.createDocument(app, config)), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: title,
  });
}
