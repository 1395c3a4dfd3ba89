/**
 * Where a node of the IR was written. `key` names what a DSL builder made (`entity:Post`, `field:Post.title`, `index:Post.by_owner`,
 * `relation:Post.author`, `search:Post`, `policy:postRead`, `policy:postRead.allowRead`, `route:/x`, `query:byTag`, `action:publish`,
 * `app`, or `file:functions/x.ts`). The
 * loader turns it into a file, line and column only when a diagnostic is drawn (architecture D1). `offset` and `length`
 * select a part of the string literal found there (UTF-16 units of the *evaluated* string), as policies need.
 */
export interface Origin {
  readonly key: string;
  readonly offset?: number;
  readonly length?: number;
}

/** A place in a source file of the app; lines and columns count from 1, the end is exclusive. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
