/** A generated file: `path` relative to the app folder with `/`, `text` in final form (LF, one newline at the end). */
export interface OutFile {
  readonly path: string;
  readonly text: string;
}
