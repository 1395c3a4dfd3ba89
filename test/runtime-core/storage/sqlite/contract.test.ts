import { storageContract } from "../contract.ts";
import { openTemporary } from "./support.ts";

storageContract("SQLite file", openTemporary);
storageContract("SQLite in memory", () => openTemporary({ path: ":memory:" }));
