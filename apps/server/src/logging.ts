import { pino } from "pino";
import type { Logger } from "pino";
import type { Outage } from "./database/outage.ts";
import type { LogLevel } from "./settings.ts";

/** JSON lines for machines, coloured text for a person at a terminal. What an outage of the database explains is left out. */
export async function createLog(level: LogLevel, outage: Outage): Promise<Logger> {
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      logMethod(args, method) {
        const [details] = args;
        if (typeof details === "object" && details !== null && "err" in details && outage.explains(details["err"])) return;
        method.apply(this, args);
      },
    },
  };
  if (!process.stdout.isTTY) return pino(options);
  const { default: pretty } = await import("pino-pretty");
  return pino(options, pretty({ colorize: true, sync: true, translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" }));
}
