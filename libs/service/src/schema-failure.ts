// From ajv's error to ours: which field, which code, and a sentence that says what would be right.

import type { ErrorObject } from 'ajv';
import type { JsonSchema } from './json-schema.js';
import type { ProblemCode } from './problems.js';
import { cut, shown, shownValue } from './shown.js';
import { parseTime } from './time.js';

const LISTED_MAX = 12;

export type SchemaCode = Extract<
  ProblemCode,
  'missing-field' | 'unknown-field' | 'wrong-type' | 'out-of-range' | 'time-before-1970' | 'id-not-opaque'
>;

/** The first thing that is wrong. */
export interface Invalid {
  /** Such as `data.score` or `[3].learner`; `body` where the value as a whole is meant. */
  readonly field: string;
  readonly value: string | number | boolean | null;
  readonly code: SchemaCode;
  /** One sentence without a full stop: the field, what it is, what it must be. */
  readonly message: string;
}

/** ajv stops at the first failure; several errors come only from `anyOf` and its like, and then the deepest one helps most. */
export function failureOf(errors: readonly ErrorObject[], root: unknown, at: string, whole: string): Invalid {
  const deepest = errors.reduce<ErrorObject | undefined>(
    (best, error) => (best === undefined || depth(error) > depth(best) ? error : best),
    undefined,
  );
  if (deepest === undefined) throw new Error('ajv refused a value without saying why');
  const path = at + dotted(deepest.instancePath, root, at === '');
  const field = (name: string) => cut(name === '' ? whole : name);
  const child = (name: string) => field(path === '' ? name : `${path}.${name}`);

  const failure = (code: SchemaCode, name: string, value: unknown, right: string): Invalid => ({
    field: name,
    value: shownValue(value),
    code,
    message: `${name} is ${shown(value)}; it must be ${right}`,
  });
  const { keyword, params, data } = deepest;
  const json = (deepest.parentSchema ?? {}) as JsonSchema;

  switch (keyword) {
    case 'required':
    case 'dependentRequired':
    case 'dependencies': {
      const name = child(String(params['missingProperty']));
      const wanted = propertyOf(json, String(params['missingProperty']));
      const tags = alternatives(json, String(params['missingProperty']));
      const right = Object.keys(wanted).length === 0 && tags.length > 0 ? oneOf(tags) : rightFor(wanted);
      return { field: name, value: null, code: 'missing-field', message: `${name} is missing; it must be ${right}` };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const extra = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const known = Object.keys(isRecord(json['properties']) ? json['properties'] : {});
      const name = child(extra);
      const value = shownValue(isRecord(data) ? data[extra] : undefined);
      return { field: name, value, code: 'unknown-field', message: `${name} is not known; known here: ${listed(known)}` };
    }
    case 'propertyNames':
      return failure('out-of-range', child(String(params['propertyName'])), params['propertyName'], 'a name that is allowed here');
    case 'discriminator': {
      const tag = String(params['tag']);
      const tags = isRecord(json['discriminator']) ? alternatives(json, tag) : [];
      if (params['tagValue'] === undefined) {
        const message = `${child(tag)} is missing; it must be ${oneOf(tags)}`;
        return { field: child(tag), value: null, code: 'missing-field', message };
      }
      return failure(params['error'] === 'tag' ? 'wrong-type' : 'out-of-range', child(tag), params['tagValue'], oneOf(tags));
    }
    case 'format': {
      const time = parseTime(data);
      if (time.code === undefined) return failure('wrong-type', field(path), data, `a ${String(params['format'])}`);
      return { field: field(path), value: shownValue(data), code: time.code, message: `${field(path)} ${time.message}` };
    }
    case 'type':
      return failure('wrong-type', field(path), data, rightFor(json));
    default:
      return failure(json['opaque'] === true ? 'id-not-opaque' : 'out-of-range', field(path), data, rightFor(json));
  }
}

/** `/data/skills/3` of a value under `at`: `.data.skills[3]`; without the first dot where nothing stands before it. */
function dotted(pointer: string, root: unknown, isFirst: boolean): string {
  let value = root;
  let path = '';
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) path += `[${name}]`;
    else path += isFirst && path === '' ? name : `.${name}`;
    value = isRecord(value) || Array.isArray(value) ? Reflect.get(value, name) : undefined;
  }
  return path;
}

/** What a schema wants, in words. */
function rightFor(json: JsonSchema): string {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems, maxItems } = json;
  if (typeof json['expects'] === 'string') return json['expects'];
  if (json['opaque'] === true) return `an opaque id matching ${String(json['pattern'])}, never a name or an address`;
  if (Array.isArray(json['enum'])) return oneOf(json['enum']);
  if ('const' in json) return shown(json['const']);
  if (json['format'] === 'date-time') return 'an RFC 3339 time such as "2024-05-06T07:08:09.123Z"';
  const types = (Array.isArray(type) ? type : [type]).map((name) => WORDS[String(name)] ?? 'another value').join(' or ');
  const bounds = [
    span(minimum, maximum, ''),
    exclusiveMinimum !== undefined && `above ${String(exclusiveMinimum)}`,
    exclusiveMaximum !== undefined && `below ${String(exclusiveMaximum)}`,
    span(minLength, maxLength, ' characters'),
    span(minItems, maxItems, ' entries'),
    span(json['minProperties'], json['maxProperties'], ' fields'),
    json['multipleOf'] !== undefined && `a multiple of ${String(json['multipleOf'])}`,
    json['uniqueItems'] === true && 'without repeats',
    json['pattern'] !== undefined && `matching ${String(json['pattern'])}`,
  ];
  return [types, ...bounds.filter((bound) => bound !== false)].join(', ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  null: 'null',
};

function span(from: unknown, to: unknown, unit: string): string | false {
  if (from === undefined && to === undefined) return false;
  if (from === undefined) return `at most ${String(to)}${unit}`;
  if (to === undefined) return `at least ${String(from)}${unit}`;
  return `${String(from)} to ${String(to)}${unit}`;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? shown(values[0]) : `one of ${listed(values.map((value) => shown(value)))}`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const first = names.slice(0, LISTED_MAX).join(', ');
  return names.length <= LISTED_MAX ? first : `${first} and ${names.length - LISTED_MAX} more`;
}

/** The values that a discriminating field may have, from the alternatives of a `oneOf`. */
function alternatives(json: JsonSchema, tag: string): unknown[] {
  const branches = Array.isArray(json['oneOf']) ? json['oneOf'] : [];
  return branches.flatMap((branch: JsonSchema) => {
    const wanted = propertyOf(branch, tag);
    return 'const' in wanted ? [wanted['const']] : Array.isArray(wanted['enum']) ? wanted['enum'] : [];
  });
}

function propertyOf(json: JsonSchema, name: string): JsonSchema {
  const properties = json['properties'];
  const wanted = isRecord(properties) ? properties[name] : undefined;
  return isRecord(wanted) ? wanted : {};
}

/** Arrays and scalars count more than the object that holds them; the closing error of an `anyOf` counts least. */
function depth(error: ErrorObject): number {
  return error.keyword === 'anyOf' || error.keyword === 'oneOf' ? -1 : error.instancePath.split('/').length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
