import { parseDuration } from "./duration.ts";
import type { CompareOp, Expr, TextSpan } from "./expr.ts";
import { type PolicyProblem, PolicySyntaxError } from "./problem.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Deepest nesting: one for each expression, parenthesis and `!` (dsl 2.2), so 31 parentheses or 63 `!`. */
const DEPTH_MAX = 64;
const COMPARE_OPS: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];

export type ParseResult =
  | { readonly ok: true; readonly expr: Expr }
  | { readonly ok: false; readonly problem: PolicyProblem };

/** Parses a rule by the grammar of dsl 2.2. Never throws; the first mistake is the answer. */
export function parsePolicy(source: string): ParseResult {
  try {
    return { ok: true, expr: new Parser(tokenize(source)).rule() };
  } catch (error) {
    if (error instanceof PolicySyntaxError) return { ok: false, problem: error.problem };
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #insideExists = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  rule(): Expr {
    if (this.#peek().kind === "end") throw this.#error("the rule is empty", { hint: "write `false` to deny always" });
    const expr = this.#expr();
    if (this.#peek().kind !== "end") throw this.#leftOver(expr);
    return expr;
  }

  #expr(): Expr {
    return this.#deeper(() => this.#chain("or", "||", () => this.#chain("and", "&&", () => this.#compare())));
  }

  #chain(kind: "and" | "or", operator: string, next: () => Expr): Expr {
    const first = next();
    const parts = [first];
    while (this.#take(operator)) parts.push(next());
    return parts.length === 1 ? first : { kind, parts, span: this.#spanFrom(first.span) };
  }

  #compare(): Expr {
    const left = this.#not();
    const token = this.#peek();
    if (token.kind !== "operator" || !COMPARE_OPS.includes(token.text)) return left;
    this.#at += 1;
    const right = this.#atom(token.text);
    return { kind: "compare", op: token.text as CompareOp, left, right, span: this.#spanFrom(left.span) };
  }

  #not(): Expr {
    const { span } = this.#peek();
    if (!this.#take("!")) return this.#primary();
    const of = this.#deeper(() => this.#not());
    return { kind: "not", of, span: this.#spanFrom(span) };
  }

  #primary(): Expr {
    if (this.#take("(")) {
      const inner = this.#deeper(() => this.#expr());
      this.#expect(")", "close the parenthesis with `)`");
      return inner;
    }
    const token = this.#peek();
    if (token.kind === "ident" && token.text === "exists" && this.#opensCall()) return this.#exists(token.span);
    return this.#value("expected a value, a field or `(`");
  }

  /** The right side of a comparison: no parenthesis, `!` or `exists` there (dsl 2.2). */
  #atom(op: string): Expr {
    const token = this.#peek();
    if (token.kind === "operator" && (token.text === "(" || token.text === "!"))
      throw this.#error(`the right side of \`${op}\` is a plain value, not \`${token.text}\``, {
        hint: "put the longer side on the left",
      });
    if (token.kind === "ident" && token.text === "exists" && this.#opensCall())
      throw this.#error(`\`exists\` cannot stand on the right side of \`${op}\``);
    return this.#value(`expected a value after \`${op}\``);
  }

  #value(expected: string): Expr {
    const token = this.#peek();
    if (token.kind === "string" || token.kind === "number") {
      this.#at += 1;
      return { kind: "literal", value: token.value, span: token.span };
    }
    if (token.kind !== "ident") throw this.#error(expected);
    if (token.text === "true" || token.text === "false" || token.text === "null") {
      this.#at += 1;
      return { kind: "literal", value: token.text === "null" ? null : token.text === "true", span: token.span };
    }
    if (this.#opensCall()) return this.#call(token.text, token.span);
    this.#at += 1;
    return { kind: "path", segments: token.text.split("."), span: token.span };
  }

  #call(name: string, span: TextSpan): Expr {
    if (name !== "auth.hasRole" && name !== "auth.hasAnyRole" && name !== "ago") throw this.#unknownFunction(name);
    this.#at += 2;
    const args: string[] = [];
    for (let token = this.#peek(); token.kind === "string"; token = this.#peek()) {
      this.#at += 1;
      args.push(token.value);
      if (name === "ago" && parseDuration(token.value) === null)
        throw new PolicySyntaxError(`"${token.value}" is not a duration`, token.span, {
          hint: 'a duration is digits with s, m, h, d or w, such as "30d" or "1h30m"',
        });
      if (!this.#take(",")) break;
    }
    this.#expect(")", `the arguments of \`${name}\` are string literals`);
    const count = name === "auth.hasAnyRole" ? "at least one argument" : "exactly one argument";
    const whole = this.#spanFrom(span);
    if (args.length === 0 || (name !== "auth.hasAnyRole" && args.length !== 1))
      throw new PolicySyntaxError(`\`${name}\` takes ${count}`, whole);
    return { kind: "call", name, args, span: whole };
  }

  #exists(span: TextSpan): Expr {
    if (this.#insideExists) throw this.#error("`exists` cannot stand inside another `exists`");
    this.#insideExists = true;
    this.#at += 2;
    const entity = this.#ident("expected the name of an entity", "write `exists(Member where userId == auth.userId)`");
    const where = this.#peek();
    if (where.kind !== "ident" || where.text !== "where") throw this.#error("expected `where` after the entity's name");
    this.#at += 1;
    const clauses: { field: string; value: Expr; span: TextSpan }[] = [];
    do {
      const start = this.#peek().span;
      const field = this.#ident("expected a field of the entity", "each condition is `field == value`");
      this.#expect("==", "conditions inside `exists` are `field == value`");
      const value = this.#expr();
      clauses.push({ field, value, span: this.#spanFrom(start) });
    } while (this.#takeAnd());
    this.#expect(")", "conditions are joined by the word `and`; close with `)`");
    this.#insideExists = false;
    return { kind: "exists", entity, clauses, span: this.#spanFrom(span) };
  }

  #takeAnd(): boolean {
    const token = this.#peek();
    if (token.kind === "ident" && token.text === "and") {
      this.#at += 1;
      return true;
    }
    return this.#take("&&");
  }

  #ident(message: string, hint: string): string {
    const token = this.#peek();
    if (token.kind !== "ident") throw this.#error(message, { hint });
    this.#at += 1;
    return token.text;
  }

  #deeper(parse: () => Expr): Expr {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#error("the rule is nested too deeply", { hint: "split it into policies" });
    const expr = parse();
    this.#depth -= 1;
    return expr;
  }

  #unknownFunction(name: string): PolicySyntaxError {
    const hint = /^(?:has(?:Any)?Role)$/.test(name)
      ? `write \`auth.${name}(…)\``
      : 'functions are auth.hasRole("…"), auth.hasAnyRole("…", …), ago("…") and exists(Entity where field == value)';
    return this.#error(`\`${name}\` is not a function of the policy language`, { hint });
  }

  #leftOver(expr: Expr): PolicySyntaxError {
    const token = this.#peek();
    const text = token.kind === "ident" || token.kind === "operator" ? token.text : "";
    if (text === "and") return this.#error("`and` is not an operator here", { label: "write `&&`" });
    if (text === "or") return this.#error("`or` is not an operator", { label: "write `||`" });
    const before = this.#tokens[this.#at - 1];
    if (before?.kind === "ident" && before.text === "not")
      return new PolicySyntaxError("`not` is not an operator", before.span, { label: "write `!`" });
    if (text === "in" || text === "is")
      return this.#error(`\`${text}\` is not an operator`, { hint: "join comparisons by `||`" });
    if (expr.kind === "compare" && COMPARE_OPS.includes(text))
      return this.#error("comparisons cannot be chained", { hint: "join two comparisons by `&&`" });
    if (text === ")") return this.#error("this `)` closes nothing");
    return this.#error("the rule goes on after its end", { hint: "join conditions by `&&` or `||`" });
  }

  #expect(text: string, hint: string): void {
    if (!this.#take(text)) throw this.#error(`expected \`${text}\``, { hint });
  }

  #take(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== "operator" || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #opensCall(): boolean {
    const next = this.#tokens[this.#at + 1];
    return next?.kind === "operator" && next.text === "(";
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", span: { offset: 0, length: 0 } };
  }

  #spanFrom(start: TextSpan): TextSpan {
    const last = this.#tokens[this.#at - 1]?.span ?? start;
    return { offset: start.offset, length: last.offset + last.length - start.offset };
  }

  #error(message: string, more: { hint?: string; label?: string } = {}): PolicySyntaxError {
    return new PolicySyntaxError(message, this.#peek().span, more);
  }
}
