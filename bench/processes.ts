import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** A child of the benchmark that printed its port as its first line. */
export interface Child {
  port: number;
  url: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `file` (beside this one) and waits for its port. It ends with the benchmark, whatever happens to it. */
export async function startChild(file: string, args: string[] = []): Promise<Child> {
  const child = fork(new URL(file, import.meta.url), args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  if (!child.stdout) throw new Error("The child has no output to read its port from");
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`${file} ended with code ${code} before it listened`)));
  });
  const port = Number(line);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    process: child,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}
