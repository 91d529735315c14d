import { describe, expect, test } from "vitest";
import { appSecretProof, signatureIsValid, signBody } from "./signature.ts";

const secret = "sim-app-secret-001";
const vectors = [
  ['{"object":"whatsapp_business_account","entry":[]}', "e219dc03c62c6fee0adc1efa4b0ead310d40382236c3693eb82e131b135125bd"],
  ['{"object": "whatsapp_business_account", "entry": []}', "9482cb068961937aa33ce2177b1c842cc6af5761572da85bfdfbfa4342cb4ce2"],
  ['{"text":{"body":"caf\\u00e9 \\ud83c\\udf89"}}', "93511311cb0dfd7de7bb81712d4ce8d9cf8a2d827cbbc3bbef22881c6951aea0"],
  ['{"text":{"body":"café 🎉"}}', "00c557c1cfa4e3e106c8b52a31fbf3c3eca373c6ccd22b50345685c31a4e1532"],
] as const;

describe("webhook signature", () => {
  test.each(vectors)("the published vector %s is accepted", (body, hex) => {
    expect(signBody(body, secret)).toBe(`sha256=${hex}`);
    expect(signatureIsValid(Buffer.from(body), `sha256=${hex}`, secret)).toBe(true);
  });

  test.each(vectors)("one changed byte in %s is refused", (body, hex) => {
    const changed = Buffer.from(body);
    changed[changed.length - 1]! ^= 1;
    expect(signatureIsValid(changed, `sha256=${hex}`, secret)).toBe(false);
  });

  test.each([undefined, "", "sha256=", `sha1=${vectors[0][1]}`, vectors[0][1], `sha256=${vectors[0][1]}0`, `sha256=${"é".repeat(64)}`])(
    "the malformed header %s is refused without an exception",
    (header) => {
      expect(signatureIsValid(Buffer.from(vectors[0][0]), header, secret)).toBe(false);
    },
  );

  test("an empty app secret validates nothing", () => {
    expect(signatureIsValid(Buffer.from("{}"), signBody("{}", ""), "")).toBe(false);
  });

  test("the app secret proof is the HMAC of the token", () => {
    expect(appSecretProof("EAAtoken", "secret")).toMatch(/^[0-9a-f]{64}$/);
    expect(appSecretProof("EAAtoken", "secret")).not.toBe(appSecretProof("EAAtoken", "other"));
  });
});
