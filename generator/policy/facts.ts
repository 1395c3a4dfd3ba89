import type { Operand } from "./operand.ts";
import type { Atom } from "./pred.ts";

/** Conditions known to hold or not, and what follows from them for others: `x == "a"` means that `x == "b"` and `x == null` are false. */
export class Facts {
  readonly #known = new Map<string, boolean>();
  /** Values that are known by a comparison with a literal. */
  readonly #equals = new Map<string, Operand>();

  add(atom: Atom, holds: boolean): void {
    this.#known.set(JSON.stringify(atom), holds);
    if (holds && atom.kind === "equal" && !atom.loose && atom.right.kind === "literal")
      this.#equals.set(JSON.stringify(atom.left), atom.right);
  }

  /** Null when nothing is known. */
  answer(atom: Atom): boolean | null {
    const known = this.#known.get(JSON.stringify(atom));
    if (known !== undefined) return known;
    switch (atom.kind) {
      case "null":
        return this.#equals.has(JSON.stringify(atom.of)) ? false : null;
      case "equal": {
        if (this.#isNull(atom.left) && atom.right.kind === "literal") return false;
        const value = this.#equals.get(JSON.stringify(atom.left));
        return value?.kind === "literal" && atom.right.kind === "literal" && !atom.loose
          ? value.value === atom.right.value
          : null;
      }
      case "order":
        return this.#isNull(atom.left) || this.#isNull(atom.right) ? false : null;
      case "truthy":
        return this.#isNull(atom.of) ? false : null;
      default:
        return null;
    }
  }

  #isNull(operand: Operand): boolean {
    return this.#known.get(JSON.stringify({ kind: "null", of: operand })) === true;
  }
}
