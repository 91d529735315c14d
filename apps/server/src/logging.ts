import { pino } from "pino";
import type { Logger } from "pino";
import pretty from "pino-pretty";
import type { LogLevel } from "./settings.ts";

/** JSON lines for machines, coloured text for a person at a terminal. */
export function createLog(level: LogLevel): Logger {
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ colorize: true, sync: true, translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" }));
}
