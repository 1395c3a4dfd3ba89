import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { Handler, Reply } from "./ports.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
};

/** esbuild's `[name]-[hash]`: another content has another name, so it may be kept for ever. */
const HASHED = /-[A-Z0-9]{8}\.\w+(\.map)?$/;

interface Page {
  readonly etag: string;
  readonly reply: Reply;
  readonly unchanged: Reply;
}

/**
 * Serves the files of a folder at `/`, GET and HEAD. They are read once, at start, and looked up by their whole path, so no request
 * names a path on the disk. A folder that is not there serves nothing.
 */
export function staticRoutes(folder: string): Handler {
  const pages = new Map<string, Page>();
  for (const file of filesIn(folder)) {
    const page = pageOf(file);
    const path = `/${relative(folder, file).split(sep).join("/")}`;
    pages.set(path, page);
    if (path.endsWith("/index.html")) pages.set(path.slice(0, -"index.html".length), page);
  }
  if (pages.size === 0) return () => null;
  return (call) => {
    if (call.method !== "GET") return null;
    const page = pages.get(call.path) ?? pages.get(`/${call.segments.join("/")}`);
    if (page === undefined) return null;
    return call.header("if-none-match") === page.etag ? page.unchanged : page.reply;
  };
}

function pageOf(file: string): Page {
  const body = readFileSync(file);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const cache = HASHED.test(file) ? "public, max-age=31536000, immutable" : "no-cache";
  const headers = ["Cache-Control", cache, "ETag", etag];
  const type = TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
  return {
    etag,
    reply: { status: 200, body, headers: ["Content-Type", type, ...headers] },
    unchanged: { status: 304, body: "", headers },
  };
}

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
