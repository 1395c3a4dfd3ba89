/** `_pending_…` names that a client gives to rows until it knows their ids (R-PUSH), and the ids they got within one push (B-TEMPID). */
export class TemporaryIds {
  readonly #real = new Map<string, string>();

  learn(name: string, id: string): void {
    if (name.startsWith("_pending_")) this.#real.set(name, id);
  }

  real(name: string): string {
    return this.#real.get(name) ?? name;
  }

  /** Members that hold such a name point at the row, as a child does that was made with its parent. */
  realIn(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    if (this.#real.size === 0) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, typeof value === "string" ? this.real(value) : value]),
    );
  }
}
