/** Names of types that the language keeps for itself. */
const BUILT_IN = new Set("any bigint boolean never null number object string symbol undefined unknown void".split(" "));

/** Gives out the names that a file declares, each once: a second `TodoInsert` becomes `TodoInsert2`. */
export class Names {
  readonly #taken = new Set<string>();

  get taken(): Iterable<string> {
    return this.#taken;
  }

  take(wanted: string): string {
    let name = BUILT_IN.has(wanted) ? `${wanted}_` : wanted;
    for (let n = 2; this.#taken.has(name); n++) name = `${wanted}${n}`;
    this.#taken.add(name);
    return name;
  }
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
