/** `pylon/react`: what generated hooks are made of. */
export { authFunctions } from "./auth-functions.ts";
export { type EntityHooks, entityHooks } from "./entity-hooks.ts";
export { useListOf, useOneOf, useSessionOf, useStateOf } from "./hooks.ts";
export { type SharedClient, sharedClient } from "./shared-client.ts";
