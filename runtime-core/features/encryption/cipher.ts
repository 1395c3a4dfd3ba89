import { createCipheriv, createDecipheriv, hash, randomBytes } from "node:crypto";
import { PylonError } from "../../kernel/errors.ts";

/** AES-256-GCM: 12 bytes of nonce, 16 of tag, then the text; the prefix names the form, so that it can change. */
const PREFIX = "v1.";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Cipher {
  seal(text: string): string;
  open(sealed: string): string;
}

/**
 * Keeps `.encrypted()` fields under PYLON_SECRET (32 characters at least; its SHA-256 is the key). Without the variable the server does
 * not start, since it could neither read nor write those columns.
 */
export function openCipher(secret: string | undefined): Cipher {
  if (secret === undefined || secret.length < 32)
    throw new RangeError("PYLON_SECRET must be set to at least 32 characters: this app has encrypted fields");
  const key = hash("sha256", secret, "buffer");
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.slice(PREFIX.length), "base64");
      try {
        const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
        cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const text = Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), cipher.final()]);
        return text.toString("utf8");
      } catch {
        throw new PylonError("DECRYPTION_FAILED", "A stored value was not sealed under this PYLON_SECRET", 503);
      }
    },
  };
}
