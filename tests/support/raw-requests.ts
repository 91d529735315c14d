/** HTTP requests with exactly the bytes and headers given, many over few connections. */
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

export interface Answer {
  /** 0 when the server closed the connection before all was written. */
  status: number;
  text: string;
  ms: number;
}

/** Posts bytes as they are. */
export async function post(url: string, body: Buffer, headers: Record<string, string>): Promise<Answer> {
  const asked = performance.now();
  const call = request(url, { method: "POST", agent, headers: { "content-length": String(body.length), ...headers } });
  call.end(body);
  try {
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of answer.setEncoding("utf8")) text += String(chunk);
    return { status: answer.statusCode ?? 0, text, ms: performance.now() - asked };
  } catch (cause) {
    if (!(cause instanceof Error && /EPIPE|ECONNRESET|socket hang up/.test(cause.message))) throw cause;
    return { status: 0, text: "", ms: performance.now() - asked };
  }
}

/** Asks for an address as it is written; answers the status. */
export async function get(url: string, headers: Record<string, string>): Promise<number> {
  const call = request(url, { agent, headers }).end();
  const [answer] = (await once(call, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}
