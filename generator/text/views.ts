/** What each template needs, by its name (the path below `templates/` without `.hbs`). An emitter that adds a template adds its line here. */
export interface Views {
  "partials/header": HeaderView;
}

export interface HeaderView {
  /** The file that the declarations stand in, for people: `app.ts`. */
  readonly from: string;
}
