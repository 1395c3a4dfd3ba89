/** A part of an OpenAPI document. */
export type Json = { readonly [key: string]: unknown };

export const ref = (kind: "schemas" | "parameters" | "headers" | "responses", name: string): Json => ({
  $ref: `#/components/${kind}/${name}`,
});

/** An object all of whose members are there. */
export const objectOf = (properties: Json): Json => ({ type: "object", required: Object.keys(properties), properties });

export const body = (schema: Json): Json => ({ required: true, content: { "application/json": { schema } } });

export const answer = (description: string, schema: Json, headers?: Json): Json => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: { "application/json": { schema } },
});

/** Refusals by status, all with the one error envelope. */
export const refusals = (...statuses: readonly (400 | 401 | 403 | 404 | 409 | 410)[]): Json => ({
  ...Object.fromEntries(statuses.map((status) => [status, ref("responses", REFUSALS[status])])),
  default: ref("responses", "Error"),
});

const REFUSALS = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "ResyncRequired",
} as const;
