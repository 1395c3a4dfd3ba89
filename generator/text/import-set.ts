import { LINE_MAX } from "./line-max.ts";
import { byCodeUnit } from "./order.ts";

interface Imported {
  readonly name: string;
  readonly local: string;
  typeOnly: boolean;
}

/**
 * The imports of one generated file. Fragments ask for the names they print; the block is printed last, merged and sorted, and a
 * name that is taken gets an alias: `add("a", "row")` gives `row`, then `add("b", "row")` gives `row2`.
 */
export class ImportSet {
  readonly #modules = new Map<string, Map<string, Imported>>();
  readonly #taken: Set<string>;

  /** `declared`: names that the file itself declares, which no import may take. */
  constructor(declared: Iterable<string> = []) {
    this.#taken = new Set(declared);
  }

  /** The local name for the export `name` of `module`; `preferred` is tried first (needed for `default`). */
  add(module: string, name: string, preferred = name): string {
    return this.#want(module, name, preferred, false);
  }

  /** As `add`, for something that is only used as a type. */
  addType(module: string, name: string, preferred = name): string {
    return this.#want(module, name, preferred, true);
  }

  /** Import statements, each with its line end; "" when nothing was asked for. */
  toString(): string {
    return [...this.#modules]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([module, names]) => statement(module, [...names.values()]))
      .join("");
  }

  #want(module: string, name: string, preferred: string, typeOnly: boolean): string {
    const names = this.#modules.get(module) ?? new Map<string, Imported>();
    this.#modules.set(module, names);
    const known = names.get(name);
    if (known !== undefined) {
      known.typeOnly &&= typeOnly;
      return known.local;
    }
    const local = this.#free(preferred);
    this.#taken.add(local);
    names.set(name, { name, local, typeOnly });
    return local;
  }

  #free(preferred: string): string {
    let local = preferred;
    for (let n = 2; this.#taken.has(local); n++) local = `${preferred}${n}`;
    return local;
  }
}

function statement(module: string, names: Imported[]): string {
  const allTypes = names.every((n) => n.typeOnly);
  const parts = names
    .sort((a, b) => byCodeUnit(a.name, b.name))
    .map((n) => `${n.typeOnly && !allTypes ? "type " : ""}${n.name === n.local ? n.name : `${n.name} as ${n.local}`}`);
  const head = allTypes ? "import type" : "import";
  const line = `${head} { ${parts.join(", ")} } from ${JSON.stringify(module)};\n`;
  if (line.length <= LINE_MAX + 1) return line;
  return `${head} {\n${parts.map((p) => `  ${p},\n`).join("")}} from ${JSON.stringify(module)};\n`;
}
