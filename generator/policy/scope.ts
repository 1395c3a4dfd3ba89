/**
 * What the caller's rights leave of a rule (architecture D11): a decision over conditions that need only the caller, with a closed
 * set of row predicates at its leaves. The emitter prints it as `if`s that choose one of a few constant statements.
 */
export type ScopeTree =
  | { readonly kind: "leaf"; readonly scope: Scope }
  /** `test` is a JavaScript expression over `auth` and `now`. */
  | { readonly kind: "if"; readonly test: string; readonly then: ScopeTree; readonly else: ScopeTree };

export type Scope =
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | {
      readonly kind: "where";
      /** A short identifier, unique in the rule: `own`, `tenant`, `scope3`. */
      readonly name: string;
      /** SQL over the entity's columns with `?` for each of `args`, two-valued at the top (NULL counts as false). */
      readonly sql: string;
      /** JavaScript expressions over `auth` and `now`, one a parameter, already of the column's SQL type. */
      readonly args: readonly string[];
      /** Fields compared for equality with a parameter or literal in every branch: what an index can serve. */
      readonly keys: readonly string[];
    };
