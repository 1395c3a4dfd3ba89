import { PylonError } from "../../kernel/errors.ts";
import { isValidText } from "../../kernel/text.ts";
import { isObject } from "../../protocol/json.ts";

/** Members of a JSON body. What is JSON but no object has none, as on the wire: the answer then names the missing member. */
export function members(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new PylonError("INVALID_JSON", "Invalid request body", 400);
  }
  return isObject(value) ? value : {};
}

/** The member as text; any other type is as good as absent. */
export function textMember(body: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = body[name];
  if (typeof value !== "string") return null;
  if (!isValidText(value))
    throw new PylonError("INVALID_TEXT", `${name} holds a character that cannot be stored`, 400, {
      hint: "Remove U+0000 and lone surrogates.",
    });
  return value;
}
