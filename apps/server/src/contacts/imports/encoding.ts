/**
 * Takes an uploaded file in and keeps it as UTF-8 without a byte order mark, so that everything after this can count in bytes.
 *
 *   upload ──► {file}.part, looked at on the way ──► UTF-8 already: renamed
 *                                               └─► UTF-16 or Windows-1252: written again as UTF-8
 *
 * What cannot be text is refused here. A file that is UTF-8 but for a few places stays as it is: those rows become problems later, by the
 * replacement character that reading them gives.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Transform } from "node:stream";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import type { Import } from "@tincan/api";

export type Encoding = Import["encoding"];

/** The file is no text, or none that can be read. The message is a sentence for the person who chose it. */
export class UnreadableFile extends Error {}

/** The file has more bytes than may be uploaded. */
export class FileTooLong extends Error {}

/** Enough of the beginning to tell UTF-16 without a mark. */
const LOOKED_AT = 64 * 1024;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

interface StoredText {
  encoding: Encoding;
  /** Bytes as uploaded. */
  uploadedSize: number;
  /** Bytes as kept. */
  size: number;
}

/** Writes the stream to `file` as UTF-8. Throws UnreadableFile or FileTooLong, leaving nothing behind. */
export async function storeAsUtf8(stream: Readable, file: string, mostBytes: number): Promise<StoredText> {
  const raw = `${file}.part`;
  try {
    const look = new Look(mostBytes);
    await pipeline(stream, look, createWriteStream(raw, { mode: 0o600 }));
    if (look.size === 0) throw new UnreadableFile("The file is empty.");
    const { encoding, mark } = await tellEncoding(look, raw);
    if (encoding === "utf-8" && mark === 0) await rename(raw, file);
    else await transcode(raw, file, encoding, mark);
    return { encoding, uploadedSize: look.size, size: (await stat(file)).size };
  } catch (cause) {
    stream.destroy();
    await rm(file, { force: true });
    throw cause;
  } finally {
    await rm(raw, { force: true });
  }
}

/** Passes bytes on and remembers what tells their encoding. */
class Look extends Transform {
  size = 0;
  head = Buffer.alloc(0);
  isUtf8 = true;
  readonly #mostBytes: number;
  readonly #strict = new TextDecoder("utf-8", { fatal: true });

  constructor(mostBytes: number) {
    super();
    this.#mostBytes = mostBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null, data?: Buffer) => void): void {
    this.size += chunk.length;
    if (this.size > this.#mostBytes) return done(new FileTooLong());
    if (this.head.length < LOOKED_AT) this.head = Buffer.concat([this.head, chunk.subarray(0, LOOKED_AT - this.head.length)]);
    this.#check(chunk, true);
    done(null, chunk);
  }

  override _flush(done: () => void): void {
    this.#check(Buffer.alloc(0), false);
    done();
  }

  #check(chunk: Buffer, more: boolean): void {
    if (!this.isUtf8) return;
    try {
      this.#strict.decode(chunk, { stream: more });
    } catch {
      this.isUtf8 = false;
    }
  }
}

async function tellEncoding({ head, isUtf8 }: Look, raw: string): Promise<{ encoding: Encoding; mark: number }> {
  if (head.subarray(0, 4).toString("latin1") === "PK\u0003\u0004" || head.subarray(0, 4).toString("hex") === "d0cf11e0") {
    throw new UnreadableFile("The file is a spreadsheet or an archive, not a CSV file. Save the sheet as CSV (UTF-8) and upload that.");
  }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", mark: 2 };
  const mark = head.subarray(0, 3).equals(UTF8_MARK) ? 3 : 0;
  const zeros = [0, 0];
  let controls = 0;
  for (const [i, byte] of head.entries()) {
    if (byte === 0) zeros[i % 2]!++;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20)) controls++;
  }
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 8 && even < odd / 8) return { encoding: "utf-16le", mark: 0 };
  if (even > head.length / 8 && odd < even / 8) return { encoding: "utf-16be", mark: 0 };
  if (controls > 4 && controls > head.length / 20) throw new UnreadableFile("The file is not a text file. Save it as CSV (UTF-8) and upload that.");
  if (isUtf8 || mark > 0 || (await isMostlyUtf8(raw))) return { encoding: "utf-8", mark };
  return { encoding: "windows-1252", mark: 0 };
}

/** Whether letters beyond ASCII are more often right in UTF-8 than broken. Text in another encoding has next to none that are right. */
async function isMostlyUtf8(raw: string): Promise<boolean> {
  const decoder = new StringDecoder("utf8");
  let right = 0;
  let broken = 0;
  for await (const chunk of createReadStream(raw) as AsyncIterable<Buffer>) {
    const text = decoder.write(chunk);
    for (const letter of text.match(/[^\0-\x7f]/g) ?? []) {
      if (letter === "\ufffd") broken++;
      else right++;
    }
  }
  return right > broken;
}

async function transcode(from: string, to: string, encoding: Encoding, mark: number): Promise<void> {
  if (encoding === "utf-8") return pipeline(createReadStream(from, { start: mark }), createWriteStream(to, { mode: 0o600 }));
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const decode = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, Buffer.from(decoder.decode())),
  });
  await pipeline(createReadStream(from, { start: mark }), decode, createWriteStream(to, { mode: 0o600 }));
}
