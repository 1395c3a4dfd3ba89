import { build, type Metafile } from "esbuild";
import { generatedFiles, packageNames } from "../../generator/5-write/resolve-plugin.ts";
import type { OutFile } from "../../generator/ir/out-file.ts";

export interface ServerBundle {
  readonly text: string;
  /** Paths of everything that is in it. */
  readonly inputs: readonly string[];
}

/** Drivers and documents, which weigh the same in every server. */
export const PACKAGES: readonly string[] = ["ws", "pg", "better-sqlite3", "loro-crdt", "@node-rs/argon2"];

/** The generated server as codegen bundles it, without the packages named in `external`. */
export async function bundleServerOf(
  folder: string,
  files: readonly OutFile[],
  external: readonly string[],
): Promise<ServerBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ["./_generated/server/app.ts"],
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    legalComments: "none",
    metafile: true,
    external: [...external, "pg-native", "*.node"],
    plugins: [generatedFiles(folder, files), packageNames(folder)],
    logLevel: "silent",
  });
  return { text: outputFiles.map((file) => file.text).join(""), inputs: usedInputs(metafile) };
}

/** A file that only gives types, or of which nothing is left after tree shaking, is listed with no bytes. */
function usedInputs(metafile: Metafile): string[] {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
}
