import { PylonError } from "../../kernel/errors.ts";

/** The release whose quirks are kept (D7): "0.3" is "0.11" with functions and policy-less entities open in addition. */
export type Compat = "off" | "0.3" | "0.11";

const MODES: readonly string[] = ["off", "0.3", "0.11"] satisfies Compat[];
const isCompat = (text: string | undefined): text is Compat => text !== undefined && MODES.includes(text);

/** What `--compat MODE` or `--compat=MODE` on the command line says, else what the app says. Throws `RangeError` for another mode. */
export function readCompat(argv: readonly string[], app: Compat): Compat {
  const at = argv.findIndex((argument) => argument === "--compat" || argument.startsWith("--compat="));
  if (at < 0) return app;
  const mode = argv[at] === "--compat" ? argv[at + 1] : argv[at]?.slice("--compat=".length);
  if (isCompat(mode)) return mode;
  throw new RangeError(`--compat takes 0.3, 0.11 or off, not "${mode ?? ""}"`);
}

/** Listeners beside the one port, by offset as in the original; null when there are none. A port that is taken is a warning. */
export function extraPorts(compat: Compat, port: number): { readonly socket: number; readonly events: number } | null {
  // Port 0 is any free one, so its neighbours mean nothing.
  return compat === "off" || port === 0 ? null : { socket: port + 1, events: port + 2 };
}

/** The answer for a row that is there but may not be read: as if it were not, or 403 as in the original (which tells that it is). */
export function unreadable(compat: Compat, entity: string, id: string): PylonError {
  return compat === "off"
    ? new PylonError("NOT_FOUND", `${entity} "${id}" not found`, 404)
    : new PylonError("POLICY_DENIED", `Access to ${entity} denied by policy`, 403);
}
