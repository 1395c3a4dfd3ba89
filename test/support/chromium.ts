import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/chromium-with-fonts");

/**
 * A real, headless Chromium out of the npm package `@sparticuz/chromium`, unpacked once into `node_modules/.cache`. The package also
 * carries NSS, NSPR and expat, so a machine with glibc needs nothing else installed. Runs as root.
 */
export async function launchChromium(): Promise<Browser> {
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    headless: true,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, "al2023/lib"),
      FONTCONFIG_PATH: join(folder, "fonts"),
      HOME: folder,
    },
    args: [
      "--headless=shell",
      "--no-sandbox",
      "--no-zygote",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      // Nothing but the page under test may be asked for.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-domain-reliability",
      "--no-first-run",
      "--no-pings",
      "--font-render-hinting=none",
    ],
  });
}

/** The package's own list names the folders of Lambda. Without a font a text has no size, so it counts as hidden. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;

/** The package unpacks below TMPDIR, and its libraries only where it believes to be on Lambda; so it is told both, in its own process. */
async function unpacked(): Promise<string> {
  if (existsSync(cache)) return cache;
  mkdirSync(dirname(cache), { recursive: true });
  const folder = mkdtempSync(`${cache}-`);
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const script = "require(process.argv[1]).executablePath()";
  const env = { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" };
  try {
    await promisify(execFile)(process.execPath, ["-e", script, entry], { env });
    writeFileSync(join(folder, "fonts/fonts.conf"), FONTS);
    renameSync(folder, cache);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    // Another test file was first; its copy is as good.
    if (!existsSync(cache)) throw error;
  }
  return cache;
}
