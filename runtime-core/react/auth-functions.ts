import type { Auth } from "../client/index.ts";

/** Signing in and out, of the client that is there when they are called. */
export function authFunctions(auth: () => Auth): Auth {
  return {
    register: (account) => auth().register(account),
    login: (credentials) => auth().login(credentials),
    guest: () => auth().guest(),
    me: () => auth().me(),
    logout: () => auth().logout(),
  };
}
