import type { Auth } from "../kernel/auth.ts";
import type { Visibility } from "../log/ports.ts";
import type { Frame } from "./frame.ts";

/** A client's connection, as `net` gives it. */
export interface Sink {
  /** A stream that only known callers may hold is closed when its session ends. */
  readonly acceptsAnonymous: boolean;
  send(frame: Frame): void;
  /** Bytes that the client has not taken yet. */
  queuedBytes(): number;
  /** Resolves when the queue has run empty enough to go on, or the connection is closed. */
  drained(): Promise<void>;
  close(code: number): void;
}

/** One socket or stream in the fan-out. */
export interface Subscriber {
  readonly sink: Sink;
  auth: Auth;
  /** Events up to this number are not for it: it pulled them, or its replay sent them. */
  liveAfter: number;
  isReplaying: boolean;
  isOpen: boolean;
}

/** Subscribers that see the same of every row of one entity. `auth` is that of any of them. */
export interface Group {
  readonly auth: Auth;
  readonly members: Set<Subscriber>;
}

/**
 * Subscribers by what they may see, entity by entity, so that a row is judged and printed once a group and not once a socket. An
 * entity is grouped when its first event comes.
 */
export class Groups {
  readonly #visibility: Pick<Visibility, "groupOf">;
  readonly #all = new Set<Subscriber>();
  readonly #byEntity = new Map<string, Map<string, Group>>();

  constructor(visibility: Pick<Visibility, "groupOf">) {
    this.#visibility = visibility;
  }

  get all(): ReadonlySet<Subscriber> {
    return this.#all;
  }

  of(entity: string): Iterable<Group> {
    let groups = this.#byEntity.get(entity);
    if (groups === undefined) {
      groups = new Map();
      this.#byEntity.set(entity, groups);
      for (const subscriber of this.#all) this.#place(entity, groups, subscriber);
    }
    return groups.values();
  }

  add(subscriber: Subscriber): void {
    this.#all.add(subscriber);
    for (const [entity, groups] of this.#byEntity) this.#place(entity, groups, subscriber);
  }

  delete(subscriber: Subscriber): void {
    this.#all.delete(subscriber);
    for (const [entity, groups] of this.#byEntity) {
      const key = this.#visibility.groupOf(entity, subscriber.auth);
      const group = groups.get(key);
      group?.members.delete(subscriber);
      if (group?.members.size === 0) groups.delete(key);
    }
  }

  #place(entity: string, groups: Map<string, Group>, subscriber: Subscriber): void {
    const key = this.#visibility.groupOf(entity, subscriber.auth);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { auth: subscriber.auth, members: new Set([subscriber]) });
    else group.members.add(subscriber);
  }
}
