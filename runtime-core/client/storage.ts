/** A place for the session token, as `localStorage` is. */
export interface KeyValue {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export function memoryStorage(): KeyValue {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}

/** `localStorage` where the page may use it (a sandboxed frame may not even read the property), else memory. */
export function pageStorage(): KeyValue {
  try {
    const store = globalThis.localStorage;
    if (store !== undefined)
      return {
        get: (key) => store.getItem(key),
        set: (key, value) => store.setItem(key, value),
        remove: (key) => store.removeItem(key),
      };
  } catch {
    // A SecurityError: the session then lasts as long as the page.
  }
  return memoryStorage();
}

/** The original's key, so that an app keeps its sessions when it changes clients. */
export const tokenKey = (appName: string): string => (appName === "default" ? "pylon_token" : `pylon:${appName}:token`);
