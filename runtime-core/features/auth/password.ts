import { hash, verify } from "@node-rs/argon2";
import type { Passwords } from "./ports.ts";

/** Argon2id with 19 MiB, two passes, one lane (H-AUTH-REGISTER). 2 is `Algorithm.Argon2id`, an ambient const enum that esbuild cannot inline. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a random value nobody kept, under the same options, so that an unknown address takes as long as a wrong password. */
const NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** Runs on libuv's thread pool, whose four threads are also what bounds the memory that hashing takes. */
export const argon2Passwords: Passwords = {
  hash: (password) => hash(password, OPTIONS),
  verify: async (stored, password) => {
    // A hash of another kind (imported rows) cannot be checked, so it never matches.
    const isOurs = stored?.startsWith("$argon2id$") === true;
    const matches = await verify(isOurs ? stored : NOBODY, password);
    return matches && isOurs;
  },
};
