import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linkUrl } from "./address.ts";
import { newCode, readCode } from "./code.ts";
import { trackButton, trackText } from "./track.ts";

/** What was found, in order. */
function found(text: string): string[] {
  const urls: string[] = [];
  trackText(text, (url) => {
    urls.push(url);
    return null;
  });
  return urls;
}

describe("an address in a text", () => {
  test.each([
    ["alone", "https://a.example/x", "https://a.example/x"],
    ["before a full stop", "Go to https://a.example/x.", "https://a.example/x"],
    ["before a question mark", "Seen http://a.example?", "http://a.example"],
    ["before several marks", "Wow: https://a.example/x?y=1!!!", "https://a.example/x?y=1"],
    ["with dots, commas and colons inside", "https://a.example:8080/v1.2,3/x:y.html?z=1.5", "https://a.example:8080/v1.2,3/x:y.html?z=1.5"],
    ["in parentheses", "Our shop (https://a.example/x) is open", "https://a.example/x"],
    ["in parentheses before a full stop", "(see https://a.example/x).", "https://a.example/x"],
    ["with parentheses of its own", "https://a.example/wiki/Tin_(metal)", "https://a.example/wiki/Tin_(metal)"],
    ["with its own inside others", "(https://a.example/wiki/Tin_(metal))", "https://a.example/wiki/Tin_(metal)"],
    ["in brackets", "[https://a.example/x]", "https://a.example/x"],
    ["in angle brackets", "<https://a.example/x>", "https://a.example/x"],
    ["in quotation marks", "\"https://a.example/x\"", "https://a.example/x"],
    ["in other quotation marks", "“https://a.example/x”", "https://a.example/x"],
    ["in bold", "*https://a.example/x*", "https://a.example/x"],
    ["in a bold sentence", "*Shop now: https://a.example/x*", "https://a.example/x"],
    ["in italics", "_https://a.example/x_", "https://a.example/x"],
    ["in an italic sentence", "_Shop at https://a.example/x._", "https://a.example/x"],
    ["with an underline at its end", "https://a.example/x_", "https://a.example/x_"],
    ["before a line break", "https://a.example/x\nBye", "https://a.example/x"],
    ["before a full stop of another script", "请看https://a.example/x。谢谢", "https://a.example/x"],
    ["before an emoji", "https://a.example/x🎉", "https://a.example/x"],
    ["with letters of another script", "https://a.example/क्ष/é", "https://a.example/क्ष/é"],
    ["with a fragment", "https://a.example/#/x?y=1;", "https://a.example/#/x?y=1"],
    ["in capitals", "HTTPS://A.EXAMPLE/X", "HTTPS://A.EXAMPLE/X"],
    ["with an open query", "https://a.example/x?q=", "https://a.example/x?q="],
  ])("is found %s", (_name, text, url) => {
    expect(found(text)).toEqual([url]);
  });

  test.each(["shop.example/x", "mailto:a@b.example", "ftp://a.example", "xhttps://a.example", "https://", "http://.", "https:// a.example", ""])("is not found in %j", (text) => {
    expect(found(text)).toEqual([]);
  });

  test("is replaced, and nothing else is", () => {
    const text = "Hi (https://a.example/x). *https://b.example!* https://a.example/x, bye";
    const links = ["https://s.example/l/1", "https://s.example/l/2"];
    expect(trackText(text, () => links.shift() ?? null)).toBe("Hi (https://s.example/l/1). *https://s.example/l/2!* https://s.example/l/1, bye");
  });

  test("stays when no link is made of it", () => {
    expect(trackText("a https://a.example/x b", () => null)).toBe("a https://a.example/x b");
  });

  test("is replaced by the link as it is, dollar signs and all", () => {
    expect(trackText("https://a.example", () => "$&$1")).toBe("$&$1");
  });
});

describe("properties", () => {
  test("a text without links made is the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(trackText(text, () => null)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test("any address between spaces is found, up to the marks that end a sentence", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.constantFrom("", ".", ",", "!", " .", "…", "\n"), (url, mark) => {
        fc.pre(/[0-9A-Za-z/=&%$@+-]$/.test(url));
        expect(trackText(`see ${url}${mark} then`, (asked) => (asked === url ? "LINK" : null))).toBe(`see LINK${mark} then`);
      }),
      { numRuns: 2000 },
    );
  });

  test("what is asked for is always an address, and never twice", () => {
    const bits = fc.array(fc.oneof(fc.constantFrom("https://", "http://a.example", " ", ".", "(", ")", "*", "_", "/", "?", "[", "]", "]", "\"", "<"), fc.string({ maxLength: 5 })), { maxLength: 20 });
    fc.assert(
      fc.property(bits, (parts) => {
        const urls = found(parts.join(""));
        expect(new Set(urls).size).toBe(urls.length);
        for (const url of urls) expect(URL.canParse(url)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("a long text of marks takes no long time", () => {
    const started = process.cpuUsage();
    found(`https://a.example/${"(".repeat(500)}${")".repeat(500)}${"_".repeat(3000)} ${"https://".repeat(500)}`);
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });
});

describe("a button's address", () => {
  const origins = { publicUrl: "https://tincan.example", domain: "https://go.example" };
  test.each(["https://tincan.example/l/{{1}}", "https://go.example/l/{{1}}", "https://go.example/l/{{code}}", " HTTPS://GO.example/l/{{1}} "])("%s can hold a code", (url) => {
    expect(trackButton(url, origins)).toBe(true);
  });

  test.each([
    "https://shop.example/l/{{1}}", "https://tincan.example/{{1}}", "https://tincan.example/l/x/{{1}}", "https://tincan.example/L/{{1}}", "https://tincan.example/l/{{1}}?a=b",
    "https://tincan.example/l/", "https://tincan.example/l/?{{1}}", "http://tincan.example/l/{{1}}", "{{1}}", "", "https://tincan.example.evil.example/l/{{1}}",
  ])("%s cannot", (url) => {
    expect(trackButton(url, origins)).toBe(false);
  });

  test("of a branded domain that is not set cannot", () => {
    expect(trackButton("https://null/l/{{1}}", { publicUrl: "https://tincan.example", domain: null })).toBe(false);
  });
});

describe("a code", () => {
  test("has ten letters or digits, each another", () => {
    const codes = Array.from({ length: 20_000 }, newCode);
    expect(new Set(codes).size).toBe(20_000);
    expect(codes.every((code) => /^[0-9A-Za-z]{10}$/.test(code))).toBe(true);
  });

  test("uses every letter about as often as any other", () => {
    const times = new Map<string, number>();
    for (const letter of Array.from({ length: 20_000 }, newCode).join("")) times.set(letter, (times.get(letter) ?? 0) + 1);
    expect(times.size).toBe(62);
    for (const count of times.values()) expect(Math.abs(count - 200_000 / 62)).toBeLessThan(400);
  });

  test("is read past the punctuation a phone took with it, and is nothing else", () => {
    expect(["Ab12Cd34Ef", "Ab12Cd34Ef.", "Ab12Cd34Ef)*"].map(readCode)).toEqual(["Ab12Cd34Ef", "Ab12Cd34Ef", "Ab12Cd34Ef"]);
    expect(["Ab12Cd34E", "Ab12Cd34Ef5", "Ab12-d34Ef", "", "Ab12Cd34Ef/x", "Ab12Cd34Éf"].map(readCode)).toEqual([null, null, null, null, null, null]);
  });

  test("stands behind the branded domain when there is one", () => {
    expect(linkUrl({ publicUrl: "https://tincan.example", domain: null }, "Ab12Cd34Ef")).toBe("https://tincan.example/l/Ab12Cd34Ef");
    expect(linkUrl({ publicUrl: "https://tincan.example", domain: "https://go.example" }, "Ab12Cd34Ef")).toBe("https://go.example/l/Ab12Cd34Ef");
  });
});

test("an address with a thousand brackets behind it takes no time", () => {
  const started = performance.now();
  expect(trackText(`http://a.example/(x)${")".repeat(50_000)}`, () => "LINK")).toBe(`LINK${")".repeat(50_000)}`);
  expect(performance.now() - started).toBeLessThan(500);
});
