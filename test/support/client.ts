export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** The body as sent. */
  readonly text: string;
  /** The parsed body, undefined when it is no JSON. What it holds is the caller's claim, as with every answer from outside. */
  readonly json: T;
}

export interface ApiOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a body may be: text goes as it is, anything else as JSON. */
export type ApiBody = string | object | number | boolean | null;

export interface Api {
  readonly url: string;
  get<T = unknown>(path: string, options?: ApiOptions): Promise<ApiAnswer<T>>;
  post<T = unknown>(path: string, body?: ApiBody, options?: ApiOptions): Promise<ApiAnswer<T>>;
  patch<T = unknown>(path: string, body?: ApiBody, options?: ApiOptions): Promise<ApiAnswer<T>>;
  delete<T = unknown>(path: string, options?: ApiOptions): Promise<ApiAnswer<T>>;
  request<T = unknown>(method: string, path: string, body?: ApiBody, options?: ApiOptions): Promise<ApiAnswer<T>>;
}

/** The admin token of `startServer`. */
export const ADMIN_TOKEN = "secretsecretsecretsecret";

/** Requests to one server as one caller: `await api(url, token).post<{ id: string }>("/api/entities/Todo", { title: "x" })`. */
export function api(url: string, token?: string): Api {
  async function request<T>(method: string, path: string, body?: ApiBody, options: ApiOptions = {}) {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...options.headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parsed(text) as T };
  }
  return {
    url,
    request,
    get: (path, options) => request("GET", path, undefined, options),
    post: (path, body, options) => request("POST", path, body, options),
    patch: (path, body, options) => request("PATCH", path, body, options),
    delete: (path, options) => request("DELETE", path, undefined, options),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Signs up and gives the requests of that user. */
export async function newUser(
  url: string,
  email: string,
): Promise<Api & { readonly token: string; readonly userId: string }> {
  const password = "correct horse battery";
  const { status, text, json } = await api(url).post<{ token: string; user_id: string }>(
    "/api/auth/password/register",
    { email, password, displayName: email },
  );
  if (status !== 200) throw new Error(`register: ${status} ${text}`);
  return { ...api(url, json.token), token: json.token, userId: json.user_id };
}
