export { extraPorts, readCompat } from "./compat.ts";
