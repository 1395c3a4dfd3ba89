import { asClientError } from "./errors.ts";
import type { Http } from "./http.ts";
import type { Row } from "./query.ts";

/** An entity that is not synced (`sync: false`): each call is a request, nothing is live. */
export interface RemoteEntity<R extends Row, Insert, Patch> {
  /** By ascending id (H-ENT-LIST). */
  list(page?: { readonly limit?: number; readonly offset?: number }): Promise<readonly R[]>;
  get(id: string): Promise<R | null>;
  insert(values: Insert): Promise<{ readonly id: string }>;
  update(id: string, patch: Patch): Promise<void>;
  remove(id: string): Promise<void>;
}

export function remoteOf<R extends Row, Insert, Patch>(http: Http, name: string): RemoteEntity<R, Insert, Patch> {
  const path = `/api/entities/${encodeURIComponent(name)}`;
  const one = (id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    async list(page = {}) {
      const search = new URLSearchParams(Object.entries(page).map(([key, count]) => [key, String(count)]));
      return (await http.request<{ data: R[] }>("GET", `${path}?${search}`)).data;
    },
    async get(id) {
      try {
        return await http.request<R>("GET", one(id));
      } catch (error) {
        if (asClientError(error).status === 404) return null;
        throw error;
      }
    },
    insert: (values) => http.request("POST", path, values),
    update: async (id, patch) => void (await http.request("PATCH", one(id), patch)),
    remove: async (id) => void (await http.request("DELETE", one(id))),
  };
}
