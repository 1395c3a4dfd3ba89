import type { Message } from "esbuild";

/** esbuild could not bundle the app's code. Places are esbuild's: lines count from 1, columns from 0, in bytes. */
export class BundleError extends Error {
  readonly messages: readonly Message[];
  constructor(messages: readonly Message[]) {
    super(messages.map((m) => m.text).join("\n"));
    this.name = "BundleError";
    this.messages = messages;
  }
}

/** Runs a build whose failure is the app's, not ours. */
export async function bundling<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error && "errors" in error && Array.isArray(error.errors))
      throw new BundleError(error.errors as Message[]);
    throw error;
  }
}
