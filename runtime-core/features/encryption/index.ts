export { openCipher } from "./cipher.ts";
