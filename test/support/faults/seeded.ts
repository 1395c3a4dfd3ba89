import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundleServer } from "../../../generator/5-write/bundle.ts";
import { readTree } from "../files.ts";
import { type BuiltApp, temporaryFolder } from "../server.ts";

/** A bug to put into one generated file: every `from` becomes `to`, and `code` goes to its end. */
export interface Seed {
  /** Below the app's folder. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly code?: string;
}

/** The server of an app with a bug in it: what a checker must find, or it checks nothing. Throws when the seed does not fit. */
export async function withBug(app: BuiltApp, { path, from, to, code = "" }: Seed): Promise<Pick<BuiltApp, "dist">> {
  const generated = readTree(join(app.folder, "_generated")).map((file) => ({
    path: `_generated/${file.path}`,
    text: file.text,
  }));
  const files = generated.map((file) =>
    file.path === path ? { path, text: `${file.text.replaceAll(from, to)}${code}` } : file,
  );
  if (!files.some((file, at) => file.text.includes(to) && file.text !== generated[at]?.text))
    throw new Error(`the bug does not fit into ${path}`);
  const dist = join(temporaryFolder("pylon-bug-"), "dist");
  const bundled = await bundleServer(app.folder, files);
  for (const { path: place, content } of bundled.files) {
    mkdirSync(dirname(join(dist, place)), { recursive: true });
    writeFileSync(join(dist, place), content);
  }
  return { dist };
}
