import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { root } from "../support/files.ts";
import { buildApp, startServer } from "../support/server.ts";

const screenshot = join(root, process.env.UPDATE_SCREENSHOT === "1" ? "docs/todo.png" : "test-results/todo.png");

let url = "";
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  const app = await buildApp(join(root, "fixtures/apps/todo"));
  ({ url } = await startServer(app));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** A tab with a storage and cookies of its own. */
async function openTab(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 760, height: 480 }, colorScheme: "light" });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

async function enter(page: Page, email: string, how: "Create account" | "Sign in"): Promise<void> {
  if (how === "Sign in") await page.getByRole("button", { name: "I have an account" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: how }).click();
  await page.getByLabel("What is to be done?").waitFor();
}

async function add(page: Page, title: string): Promise<void> {
  await page.getByLabel("What is to be done?").fill(title);
  await page.keyboard.press("Enter");
}

const box = (page: Page, title: string) => page.getByRole("checkbox", { name: title });

test("two tabs of one user stay in step, and another user sees nothing of it", async () => {
  const left = await openTab();
  await enter(left, "ann@example.com", "Create account");
  const right = await openTab();
  await enter(right, "ann@example.com", "Sign in");
  const stranger = await openTab();
  await enter(stranger, "bob@example.com", "Create account");

  await add(left, "Buy oat milk");
  await box(right, "Buy oat milk").waitFor();
  await add(right, "Call the plumber");
  await box(left, "Call the plumber").waitFor();
  await add(left, "Read one chapter");
  await right.getByText("3 of 3 to do").waitFor();

  await box(right, "Buy oat milk").check();
  await left.getByText("2 of 3 to do").waitFor();
  expect(await box(left, "Buy oat milk").isChecked()).toBe(true);
  mkdirSync(join(screenshot, ".."), { recursive: true });
  await left.screenshot({ path: screenshot });

  await left.getByRole("button", { name: "Delete Call the plumber" }).click();
  await right.getByText("1 of 2 to do").waitFor();
  expect(await box(right, "Call the plumber").count()).toBe(0);

  await right.reload();
  await right.getByText("1 of 2 to do").waitFor();
  expect(await stranger.getByText("Nothing here yet.").count()).toBe(1);
  expect(await stranger.getByRole("listitem").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("a refusal is shown with its code, and signing out leaves nothing in sight", async () => {
  const page = await openTab();
  await enter(page, "cid@example.com", "Create account");
  await add(page, "Private");
  await box(page, "Private").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Email").fill("cid@example.com");
  expect(await page.getByText("Private").count()).toBe(0);
  await page.getByLabel("Password").fill("another long password");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("alert").getByText("EMAIL_TAKEN").waitFor();
});

test("the keyboard alone is enough", async () => {
  const page = await openTab();
  await page.getByLabel("Email").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("dot@example.com");
  await page.keyboard.press("Tab");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await page.getByLabel("What is to be done?").focus();
  await page.keyboard.type("Typed");
  await page.keyboard.press("Enter");
  await box(page, "Typed").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.getByText("0 of 1 to do").waitFor();
});
