/** Words that cannot name a binding in a strict-mode module, plus those with a meaning there. */
const RESERVED = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof undefined var void while with yield NaN Infinity globalThis"
  ).split(" "),
);

/** Whether `text` may name a binding in generated code. ASCII only: other letters are legal, but not on every target. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(text) && !RESERVED.has(text);
}

/** A legal binding name that looks like `text`: `my-app` → `my_app`, `2fa` → `_2fa`, `class` → `class_`. */
export function ident(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_$]/g, "_").replace(/^(?=\d|$)/, "_");
  return RESERVED.has(plain) ? `${plain}_` : plain;
}

/** `name` as a key in an object literal or type. `__proto__:` would set the prototype, so it is computed. */
export function propertyKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name);
}

/** `row.title`, or `row["odd name"]`. */
export function propertyAccess(object: string, name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`;
}
