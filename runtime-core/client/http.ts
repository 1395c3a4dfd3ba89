import type { Environment } from "./environment.ts";
import { PylonClientError } from "./errors.ts";

export interface Http {
  /** The JSON answer, not checked further than that: the server is ours. Throws `PylonClientError`. */
  request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
}

/** Requests with the session token of the moment, if there is one. `baseUrl` has no slash at its end. */
export function httpClient(baseUrl: string, env: Pick<Environment, "fetch">, token: () => string | null): Http {
  return {
    async request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
      const bearer = token();
      const headers: Record<string, string> = {};
      if (bearer !== null) headers.Authorization = `Bearer ${bearer}`;
      if (body !== undefined) headers["Content-Type"] = "application/json";
      const init: RequestInit = { method, headers };
      if (body !== undefined) init.body = JSON.stringify(body);
      if (signal !== undefined) init.signal = signal;
      const { status, text } = await exchange(env, baseUrl, path, init);
      const answer = parse(text);
      if (status >= 200 && status < 300) {
        if (answer === undefined) throw new PylonClientError("BAD_ANSWER", "The answer is not JSON.", status);
        return answer as T;
      }
      throw refusal(status, answer);
    },
  };
}

async function exchange(env: Pick<Environment, "fetch">, baseUrl: string, path: string, init: RequestInit) {
  try {
    const response = await env.fetch(baseUrl + path, init);
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const error = new PylonClientError("NETWORK", "The server cannot be reached.");
    error.cause = cause;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, answer: unknown): PylonClientError {
  const error = (answer as { error?: { code?: unknown; message?: unknown; hint?: unknown } } | null | undefined)?.error;
  if (typeof error?.code !== "string")
    return new PylonClientError("BAD_ANSWER", `The server answered ${status} without a code.`, status);
  return new PylonClientError(
    error.code,
    typeof error.message === "string" ? error.message : error.code,
    status,
    typeof error.hint === "string" ? error.hint : null,
  );
}
