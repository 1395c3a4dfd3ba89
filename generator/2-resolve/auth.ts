import type { RawManifest } from "../1-load/raw-manifest.ts";
import type { AuthIr } from "../ir/app.ts";
import { cookieNameOf } from "./names.ts";

export function resolveAuth(manifest: RawManifest): AuthIr {
  const { user, session, trusted_origins } = manifest.auth;
  return {
    userEntity: user.entity,
    hasUserEntity: manifest.entities.some((entity) => entity.name === user.entity),
    expose: user.expose,
    hide: user.hide,
    sessionSeconds: session.expires_in,
    trustedOrigins: trusted_origins,
    cookieName: cookieNameOf(manifest.name),
  };
}
