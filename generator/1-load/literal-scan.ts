/**
 * Reads object, array and string literals and call chains out of source text, from a known offset. Diagnostics need no more than that
 * to find a column, and a TypeScript parser costs 330 ms to load on a path that every warning takes.
 */
export type Scanned =
  /** `offsets[i]` is where the character i of `value` starts in the file; one more for the closing quote. */
  | {
      readonly kind: "string";
      readonly start: number;
      readonly end: number;
      readonly value: string;
      readonly offsets: readonly number[];
    }
  | { readonly kind: "object"; readonly start: number; readonly end: number; readonly entries: readonly Entry[] }
  | { readonly kind: "array"; readonly start: number; readonly end: number; readonly items: readonly Scanned[] }
  /** `field.string().optional()`: one link a name. */
  | { readonly kind: "chain"; readonly start: number; readonly end: number; readonly links: readonly Link[] }
  | { readonly kind: "other"; readonly start: number; readonly end: number };

export interface Entry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: Scanned;
}

export interface Link {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly args: readonly Scanned[] | null;
}

/** The expression at `offset`, up to the `,`, `;` or closing bracket after it. */
export const scanAt = (text: string, offset: number): Scanned => new Scan(text, offset).expression();

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const CLOSERS = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

class Scan {
  private at: number;
  private readonly text: string;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  expression(): Scanned {
    this.trivia();
    const start = this.at;
    const primary = this.primary(start);
    const end = this.at;
    this.trivia();
    // `as const` and `satisfies T` leave the value what it is; any other operator makes it a larger expression.
    const typed = /(?:as|satisfies)\b/y.test(this.from());
    if (!typed && !this.atEnd()) {
      this.skipRest();
      return { kind: "other", start, end: this.trimmed(start) };
    }
    this.skipRest();
    return primary ?? { kind: "other", start, end };
  }

  private primary(start: number): Scanned | null {
    const first = this.text[start];
    if (first === '"' || first === "'" || first === "`") return this.string(first);
    if (first === "[") return this.array();
    if (first === "{") return this.object();
    return this.chain();
  }

  private string(quote: string): Scanned {
    const start = this.at;
    const offsets: number[] = [];
    let value = "";
    let plain = true;
    this.at++;
    while (this.at < this.text.length && this.text[this.at] !== quote) {
      const from = this.at;
      if (quote === "`" && this.text.startsWith("${", this.at)) {
        plain = false;
        this.at++;
        this.bracket();
        continue;
      }
      const piece = this.text[this.at] === "\\" ? this.escape() : (this.text[this.at++] ?? "");
      for (let i = 0; i < piece.length; i++) offsets.push(from);
      value += piece;
    }
    offsets.push(this.at);
    this.at = Math.min(this.at + 1, this.text.length);
    return plain ? { kind: "string", start, end: this.at, value, offsets } : { kind: "other", start, end: this.at };
  }

  private escape(): string {
    const found = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|(\r\n|[\s\S]))/y;
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    this.at = match === null ? this.at + 1 : found.lastIndex;
    const code = match?.[1] ?? match?.[2] ?? match?.[3];
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    const letter = match?.[4] ?? "";
    return /^[\r\n]/.test(letter) ? "" : (SIMPLE_ESCAPES[letter] ?? letter);
  }

  private array(): Scanned {
    const start = this.at++;
    const items: Scanned[] = [];
    for (this.trivia(); !this.closed("]"); this.trivia()) {
      items.push(this.expression());
      this.comma();
    }
    return { kind: "array", start, end: this.at, items };
  }

  private object(): Scanned {
    const start = this.at++;
    const entries: Entry[] = [];
    for (this.trivia(); !this.closed("}"); this.trivia()) {
      const keyStart = this.at;
      const quoted = this.text[keyStart] === '"' || this.text[keyStart] === "'";
      const key = quoted ? this.string(this.text[keyStart] ?? "") : null;
      const name = key?.kind === "string" ? key.value : this.identifier();
      const keyEnd = this.at;
      this.trivia();
      if (name !== null && this.text[this.at] === ":") {
        this.at++;
        entries.push({ key: name, keyStart, keyEnd, value: this.expression() });
      } else {
        // Shorthand, method, spread or computed key.
        this.skipRest();
        if (name !== null)
          entries.push({
            key: name,
            keyStart,
            keyEnd,
            value: { kind: "other", start: keyStart, end: this.trimmed(keyStart) },
          });
      }
      this.comma();
    }
    return { kind: "object", start, end: this.at, entries };
  }

  private chain(): Scanned | null {
    const chainStart = this.at;
    const links: Link[] = [];
    for (;;) {
      const start = this.at;
      const name = this.identifier();
      if (name === null) break;
      const end = this.at;
      const args = this.callArguments();
      links.push({ name, start, end, args });
      const afterLink = this.at;
      this.trivia();
      if (this.text[this.at] !== ".") {
        this.at = afterLink;
        break;
      }
      this.at++;
      this.trivia();
    }
    return links.length === 0 ? null : { kind: "chain", start: chainStart, end: this.at, links };
  }

  private callArguments(): readonly Scanned[] | null {
    const before = this.at;
    this.trivia();
    if (this.text[this.at] === "<") this.typeArguments();
    this.trivia();
    if (this.text[this.at] !== "(") {
      this.at = before;
      return null;
    }
    this.at++;
    const args: Scanned[] = [];
    for (this.trivia(); !this.closed(")"); this.trivia()) {
      args.push(this.expression());
      this.comma();
    }
    return args;
  }

  private typeArguments(): void {
    const start = this.at;
    let depth = 0;
    while (this.at < this.text.length) {
      const char = this.text[this.at];
      if (char === "<") depth++;
      if (char === ">" && this.text[this.at - 1] !== "=" && --depth === 0) {
        this.at++;
        return;
      }
      if (char === ";" && depth === 1) break;
      this.step();
    }
    this.at = start;
  }

  private identifier(): string | null {
    IDENTIFIER.lastIndex = this.at;
    const match = IDENTIFIER.exec(this.text);
    if (match === null) return null;
    this.at = IDENTIFIER.lastIndex;
    return match[0];
  }

  /** True, and past it, when the bracket closes here or the text is over. */
  private closed(bracket: string): boolean {
    if (this.at >= this.text.length) return true;
    const char = this.text[this.at] ?? "";
    if (char === bracket) this.at++;
    // A stray closer belongs to somebody further out.
    return /[)\]}]/.test(char);
  }

  private comma(): void {
    this.trivia();
    if (this.text[this.at] === "," || this.text[this.at] === ";") this.at++;
  }

  private atEnd(): boolean {
    return this.at >= this.text.length || /[,;)\]}]/.test(this.text[this.at] ?? "");
  }

  private skipRest(): void {
    while (!this.atEnd()) this.step();
  }

  /** Past one token: a string, a comment, a bracket with all in it, or a character. */
  private step(): void {
    const before = this.at;
    this.trivia();
    if (this.at > before) return;
    const char = this.text[this.at] ?? "";
    if (char === '"' || char === "'" || char === "`") this.string(char);
    else if (CLOSERS.has(char)) this.bracket();
    else this.at++;
  }

  private bracket(): void {
    const close = CLOSERS.get(this.text[this.at] ?? "");
    this.at++;
    while (this.at < this.text.length && this.text[this.at] !== close) this.step();
    this.at++;
  }

  private trivia(): void {
    // An unclosed string or bracket leads past the end, where a sticky match would start again from the front.
    if (this.at >= this.text.length) {
      this.at = this.text.length;
      return;
    }
    const skipped = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    skipped.lastIndex = this.at;
    skipped.exec(this.text);
    this.at = skipped.lastIndex;
  }

  private trimmed(start: number): number {
    return start + this.text.slice(start, this.at).trimEnd().length;
  }

  private from(): string {
    return this.text.slice(this.at, this.at + "satisfies ".length);
  }
}
