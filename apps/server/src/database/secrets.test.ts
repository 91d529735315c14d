import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Secrets, constantTimeEqual, loadSecrets } from "./secrets.ts";

const secrets = new Secrets("a key of the highest entropy");

test("a sealed secret opens again, and twice sealed looks different", () => {
  const sealed = secrets.seal("EAAG token ✓");
  expect(secrets.open(sealed)).toBe("EAAG token ✓");
  expect(secrets.seal("EAAG token ✓").equals(sealed)).toBe(false);
  expect(sealed.includes("EAAG")).toBe(false);
});

test("another key or a changed byte is refused", () => {
  const sealed = secrets.seal("token");
  expect(() => new Secrets("another key").open(sealed)).toThrow(/another TINCAN_SECRET_KEY/);
  sealed[sealed.length - 1]! ^= 1;
  expect(() => secrets.open(sealed)).toThrow(/cannot be opened/);
  expect(() => secrets.open(Buffer.from("short"))).toThrow(/not a sealed secret/);
});

test("without a key in the settings one is made in the data folder, readable by its owner only, and kept", () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tincan-secrets-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const sealed = loadSecrets({ dataDir }).seal("token");
  expect(statSync(path.join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
  expect(loadSecrets({ dataDir }).open(sealed)).toBe("token");
});

test("secrets are compared whatever their lengths", () => {
  expect(constantTimeEqual("abc", "abc")).toBe(true);
  expect(constantTimeEqual("abc", "abcd")).toBe(false);
  expect(constantTimeEqual("", "a")).toBe(false);
});
