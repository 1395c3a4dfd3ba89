import { isReaderThread, runReaderThread } from "../../../../runtime-core/storage/sqlite/reader-thread-main.ts";

if (isReaderThread()) runReaderThread();
