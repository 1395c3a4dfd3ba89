/**
 * The policy language as a tree (spec dsl 2, architecture D11 to D14). Strings and arrows both become this; predicates in JavaScript and
 * SQL are made from it. `span` is an offset and length in the source text, for diagnostics.
 */
export interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Expr =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null; readonly span: TextSpan }
  /** `auth.userId` is ["auth", "userId"], `now` is ["now"]. `existing` and `record` are kept as written. */
  | { readonly kind: "path"; readonly segments: readonly string[]; readonly span: TextSpan }
  | { readonly kind: "not"; readonly of: Expr; readonly span: TextSpan }
  | { readonly kind: "and" | "or"; readonly parts: readonly Expr[]; readonly span: TextSpan }
  | {
      readonly kind: "compare";
      readonly op: CompareOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly span: TextSpan;
    }
  /** `auth.hasRole`, `auth.hasAnyRole`, `ago`. */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly string[]; readonly span: TextSpan }
  | {
      readonly kind: "exists";
      readonly entity: string;
      readonly clauses: readonly { readonly field: string; readonly value: Expr; readonly span: TextSpan }[];
      readonly span: TextSpan;
    };
