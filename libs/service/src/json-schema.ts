/**
 * A JSON Schema. Beside the standard keywords: `opaque: true` marks an id, so that its failures have the code `id-not-opaque`;
 * `expects: '...'` says in words what a pattern wants. `format` knows `date-time` only.
 */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}
