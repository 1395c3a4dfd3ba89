import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Metafile } from "esbuild";
import type { OutFile } from "../ir/out-file.ts";
import { bundling } from "./bundle-error.ts";
import { appInputs, type Bundled } from "./bundled.ts";
import { generatedFiles, packageNames } from "./resolve-plugin.ts";

const PUBLIC = "public";
/** A script or stylesheet of the page's own: not on another host. */
const SOURCE = /(<(?:script|link)\b[^>]*?\b(?:src|href)=)(["'])(?!https?:|\/\/|data:)([^"']+\.(?:tsx?|jsx?|css))\2/g;

/** Bundles `web/index.html` and the scripts and styles it names into `dist/public`, with hashed names. Nothing is written. */
export async function bundlePage(appDir: string, files: readonly OutFile[]): Promise<Bundled> {
  const web = join(appDir, "web");
  const index = join(web, "index.html");
  const html = readFileSync(index, "utf8");
  const sources = [...new Set([...html.matchAll(SOURCE)].map((match) => match[3] ?? ""))];
  const { build } = await import("esbuild");
  const result = await bundling(() =>
    build({
      absWorkingDir: appDir,
      entryPoints: sources.map((source) => sourcePlace(source)),
      outdir: join(appDir, "dist", PUBLIC),
      outbase: "web",
      entryNames: "assets/[name]-[hash]",
      chunkNames: "assets/[name]-[hash]",
      assetNames: "assets/[name]-[hash]",
      publicPath: "/",
      write: false,
      bundle: true,
      splitting: true,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      minify: true,
      metafile: true,
      legalComments: "none",
      define: { "process.env.NODE_ENV": '"production"' },
      loader: { ".svg": "file", ".png": "file", ".jpg": "file", ".webp": "file", ".woff2": "file", ".ico": "file" },
      plugins: [generatedFiles(appDir, files), packageNames(appDir)],
      logLevel: "silent",
    }),
  );
  const dist = join(appDir, "dist");
  const page = withBuiltNames(html, sources, result.metafile);
  return {
    files: [
      { path: `${PUBLIC}/index.html`, content: Buffer.from(page) },
      ...result.outputFiles.map((file) => ({
        path: relative(dist, file.path).replaceAll(sep, "/"),
        content: file.contents,
      })),
    ],
    inputs: [index, ...appInputs(result.metafile, appDir)],
  };
}

/** `./main.tsx` and `/main.tsx` both stand in `web/`. */
function sourcePlace(source: string): string {
  return `./web/${source.replace(/^\.?\//, "")}`;
}

function withBuiltNames(html: string, sources: readonly string[], metafile: Metafile): string {
  const built = new Map<string, { path: string; css: string | undefined }>(
    Object.entries(metafile.outputs).flatMap(([path, output]) =>
      output.entryPoint === undefined ? [] : [[`./${output.entryPoint}`, { path, css: output.cssBundle }] as const],
    ),
  );
  const url = (path: string): string => path.replace(`dist/${PUBLIC}`, "");
  const page = html.replace(SOURCE, (_all, head: string, quote: string, source: string) => {
    const name = built.get(sourcePlace(source))?.path;
    return `${head}${quote}${name === undefined ? source : url(name)}${quote}`;
  });
  // Styles that a script imports come out as a file of their own, which the page must name.
  const styles = sources.flatMap((source) => {
    const css = built.get(sourcePlace(source))?.css;
    return css === undefined ? [] : [`<link rel="stylesheet" href="${url(css)}">`];
  });
  return styles.length === 0 ? page : page.replace(/<\/head>/i, (end) => `${styles.join("")}${end}`);
}
