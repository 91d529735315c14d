import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiError } from "./errors.ts";
import { assertReachableUrl, guardedConnector, type ReachPolicy } from "./reachable.ts";

const strict: ReachPolicy = { sandbox: false, allowedHosts: [] };
const withSandbox: ReachPolicy = { sandbox: true, allowedHosts: [] };

/** "taken", or the code of the refusal, for each URL. */
async function verdicts(urls: string[], policy: ReachPolicy): Promise<string[]> {
  const asked = urls.map((url) => assertReachableUrl(url, policy).then(() => "taken", (cause: unknown) => (cause instanceof ApiError ? cause.code : String(cause))));
  return [...new Set(await Promise.all(asked))];
}
const taken = ["taken"];
const refused = ["address_not_allowed"];

describe("a URL is judged before it is saved", () => {
  test("a public address is taken with https alone", async () => {
    expect(await verdicts(["https://93.184.216.34/hook", "https://[2606:2800:220:1::1]/hook"], strict)).toEqual(taken);
    expect(await verdicts(["http://93.184.216.34/hook"], strict)).toEqual(refused);
  });

  test("private, link-local, shared and reserved addresses are refused, sandbox or not", async () => {
    const v4 = ["10.0.0.1", "172.31.255.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.51.100.7"];
    const v6 = ["fd00::1", "fe80::1", "fec0::1", "ff02::1", "100:0:0:1::1", "::", "2001:db8::1"];
    const urls = [...v4.map((host) => `https://${host}/`), ...v6.map((host) => `https://[${host}]/`)];
    expect(await verdicts(urls, strict)).toEqual(refused);
    expect(await verdicts(urls, withSandbox)).toEqual(refused);
  });

  test("an IPv4 address hidden in an IPv6 one, or written in another base, is judged as what it is", async () => {
    const hidden = ["[::ffff:10.0.0.1]", "[::ffff:0:10.0.0.1]", "[64:ff9b::10.0.0.1]", "[2002:a00:1::]", "[::169.254.169.254]", "0x0a.0.0.1", "167772161"];
    expect(await verdicts(hidden.map((host) => `https://${host}/`), withSandbox)).toEqual(refused);
    expect(await verdicts(["https://[::ffff:127.0.0.1]/"], strict)).toEqual(refused);
    expect(await verdicts(["https://[::ffff:93.184.216.34]/"], strict)).toEqual(taken);
  });

  test("loopback is taken while the sandbox is on, also without encryption", async () => {
    const hosts = ["127.0.0.1:3001", "localhost:3001", "[::1]:3001", "phones.localhost"];
    const urls = hosts.flatMap((host) => [`http://${host}/`, `https://${host}/`]);
    expect(await verdicts(urls, strict)).toEqual(refused);
    expect(await verdicts(urls, withSandbox)).toEqual(taken);
  });

  test("a host named by the operator is exempt, with or without its port", async () => {
    expect(await verdicts(["http://10.0.0.1:8080/"], { sandbox: false, allowedHosts: ["10.0.0.1"] })).toEqual(taken);
    expect(await verdicts(["http://[fd00::1]:8080/"], { sandbox: false, allowedHosts: ["[fd00::1]:8080"] })).toEqual(taken);
    expect(await verdicts(["http://crm.internal:8080/"], { sandbox: false, allowedHosts: ["crm.internal:8080"] })).toEqual(taken);
    expect(await verdicts(["http://crm.internal:9090/"], { sandbox: false, allowedHosts: ["crm.internal:8080"] })).toEqual(refused);
  });

  test("what is no web address, or carries a password, is refused", async () => {
    const urls = ["", "example.com", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "https://user:pass@93.184.216.34/"];
    expect(await verdicts(urls, withSandbox)).toEqual(refused);
  });

  test("a name without an address passes with https and not with http", async () => {
    expect(await verdicts(["https://no-such-host.invalid/hook"], strict)).toEqual(taken);
    expect(await verdicts(["http://no-such-host.invalid/hook"], strict)).toEqual(refused);
  });
});

describe("a connection is judged by the address it is made to", () => {
  const server = createServer((_, response) => response.end("reached"));
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  async function call(url: string, policy: ReachPolicy): Promise<string> {
    const dispatcher = new Agent({ connect: guardedConnector(policy, 1_000) });
    try {
      return await (await request(url, { dispatcher })).body.text();
    } finally {
      await dispatcher.destroy();
    }
  }

  test("a name that leads to this machine is not connected to while the sandbox is off", async () => {
    await expect(call(`http://localhost:${port}/`, strict)).rejects.toMatchObject({ code: "TINCAN_ADDRESS_NOT_ALLOWED" });
    await expect(call(`http://localhost:${port}/`, withSandbox)).resolves.toBe("reached");
  });

  test("an address in the URL itself is not connected to either", async () => {
    await expect(call(`http://127.0.0.1:${port}/`, strict)).rejects.toMatchObject({ code: "TINCAN_ADDRESS_NOT_ALLOWED" });
    await expect(call(`http://127.0.0.1:${port}/`, withSandbox)).resolves.toBe("reached");
  });

  test("a host named by the operator is connected to", async () => {
    await expect(call(`http://127.0.0.1:${port}/`, { sandbox: false, allowedHosts: [`127.0.0.1:${port}`] })).resolves.toBe("reached");
  });
});
