import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCli, type Transcript } from "../support/cli.ts";
import { temporaryFolder } from "../support/server.ts";

/** A small app with a page, as text, so that a test can change a line of it. */
export const APP = `import { app, entity, field, policy } from "pylon";

const Note = entity(
  "Note",
  {
    ownerId: field.string().owner(),
    title: field.string(),
    done: field.bool().default(false),
  },
  { indexes: [{ name: "by_owner", fields: ["ownerId"] }] },
);

export default app({
  name: "notes",
  version: "1.0.0",
  entities: [Note],
  policies: [
    policy({
      name: "ownNotes",
      entity: Note,
      allowRead: "auth.userId == data.ownerId",
      allowWrite: "auth.userId == data.ownerId",
    }),
  ],
});
`;

export const PAGE = `import { createRoot } from "react-dom/client";
import { db } from "../_generated/react.tsx";

function Notes() {
  const { data } = db.Note.useList({ where: { title: "x" } });
  return <ul>{data.map((note) => <li key={note.id}>{note.title}</li>)}</ul>;
}

const place = document.getElementById("app");
if (place !== null) createRoot(place).render(<Notes />);
`;

const HTML = `<!doctype html>
<html lang="en">
  <head><title>Notes</title><script type="module" src="./main.tsx"></script></head>
  <body><main id="app"></main></body>
</html>
`;

export interface NotesApp {
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Writes app.ts with one text in place of another, which must be there. */
  change(from: string, to: string, path?: string): void;
  cli(...words: string[]): Promise<Transcript>;
}

/** The app in a new folder; with a page when a test bundles or checks one. */
export function notesApp(withPage = false): NotesApp {
  const folder = temporaryFolder("pylon-notes-");
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("app.ts", APP);
  if (withPage) {
    write("web/index.html", HTML);
    write("web/main.tsx", PAGE);
  }
  return {
    folder,
    read,
    write,
    change: (from, to, path = "app.ts") => {
      const text = read(path);
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      write(path, text.replace(from, to));
    },
    cli: (...words) => runCli(words, folder),
  };
}

/** Each file with its time and text: equal before and after when nothing was written. */
export function snapshot(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path} ${statSync(path).mtimeMs} ${statSync(path).size}`);
}
