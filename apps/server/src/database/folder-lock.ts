/**
 * One process per data folder. The lock is a file with the process's id and start time; it is stale when no such process runs,
 * which is how a killed server's lock gives way. The start time keeps a recycled process id from looking alive.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Who holds the lock, when it cannot be had. */
export class FolderInUseError extends Error {
  constructor(folder: string, pid: number) {
    super(`Another Tincan server (process ${pid}) is already running with the data folder ${folder}; stop it first, or set DATA_DIR to another folder.`);
  }
}

/** Takes the lock `file` for `folder` or throws FolderInUseError; answers the function that gives it back. */
export function lockFolder(file: string, folder: string): () => void {
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  try {
    writeFileSync(file, mine, { flag: "wx" });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    const [pid = "", start = ""] = readFileSync(file, "utf8").trim().split(" ");
    if (isSameProcess(Number(pid), start)) throw new FolderInUseError(folder, Number(pid));
    writeFileSync(file, mine);
  }
  return () => rmSync(file, { force: true });
}

/** Whether a process with this id runs, whoever it belongs to; one that ended and was not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return startOf(pid) !== ENDED;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

function isSameProcess(pid: number, start: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  const now = startOf(pid);
  // Without /proc the start time is unknown; then only our own id is known to be recycled.
  return now === "" ? pid !== process.pid : now === start;
}

const ENDED = "ended";

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat), ENDED for a zombie, "" where there is no /proc. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return fields[0] === "Z" ? ENDED : (fields[19] ?? "");
  } catch {
    return "";
  }
}
