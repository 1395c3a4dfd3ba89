import type { Scalar } from "../../runtime-core/sql/coerce.ts";
import type { Operand } from "./operand.ts";

/** A value as JavaScript over `auth`, `row`, `next`, `input` and `now`. */
export function jsOperand(operand: Operand): string {
  switch (operand.kind) {
    case "literal":
      return jsLiteral(operand.value);
    case "auth":
      return `auth.${operand.name}`;
    case "absent":
      return "null";
    case "now":
      return "now";
    case "ago":
      return `ago(now, ${printMs(operand.ms)})`;
    case "field":
      return `${operand.root}.${operand.name}`;
    case "json":
      return `pylonJson(${operand.root}.${operand.name}, ${JSON.stringify(operand.path)})`;
    case "number":
      return `pylonNum(${jsOperand(operand.of)})`;
  }
}

/** `86_400_000`, as a person writes it. */
const printMs = (ms: number): string => String(ms).replace(/\B(?=(?:\d{3})+$)/g, "_");

/** A number with hundreds of digits, or `"inf"` beside a number, is infinite, which JSON cannot say. */
function jsLiteral(value: Scalar): string {
  if (typeof value !== "number" || Number.isFinite(value)) return JSON.stringify(value);
  return value > 0 ? "Number.POSITIVE_INFINITY" : "Number.NEGATIVE_INFINITY";
}
