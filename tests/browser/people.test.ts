import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

/** Adds a person by the form and ends on their page. */
async function addPerson(page: Page, { name, phone, agrees = [] }: { name: string; phone: string; agrees?: string[] }): Promise<void> {
  await page.getByRole("link", { name: "Contacts", exact: true }).first().click();
  await page.getByRole("link", { name: "Add a person" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Phone" }).fill(phone);
  for (const scope of agrees) await page.getByRole("checkbox", { name: scope, exact: true }).check();
  if (agrees.length > 0) await page.getByRole("textbox", { name: "How they agreed" }).fill("Paper form, 3 May");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

test("a person is added by hand: the number is read as it is typed, and a property keeps its type", async ({ page }) => {
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("link", { name: "Add a person" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("A phone number, or an identity below").waitFor();

  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Meera Iyer");
  await page.getByRole("textbox", { name: "Phone" }).fill("98765 43210");
  await page.getByRole("combobox", { name: "If without a country" }).selectOption("IN");
  await page.getByText("Read as +919876543210, India.").waitFor();
  await page.getByRole("checkbox", { name: "Marketing", exact: true }).check();
  await page.getByRole("textbox", { name: "How they agreed" }).fill("Paper form, 3 May");
  await page.getByRole("button", { name: "Property", exact: true }).click();
  await page.getByRole("combobox", { name: "Name of property 1" }).fill("Loyalty points");
  await page.getByRole("combobox", { name: "Type of Loyalty points" }).selectOption("number");
  await page.getByRole("textbox", { name: "Value of Loyalty points" }).fill("many");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("A number, like 12 or 3.5").waitFor();
  await page.getByRole("textbox", { name: "Value of Loyalty points" }).fill("1200");
  await page.getByRole("button", { name: "Add", exact: true }).click();

  await page.getByRole("heading", { level: 1, name: "Meera Iyer" }).waitFor();
  const main = page.getByRole("main");
  await main.getByText("1,200", { exact: true }).waitFor();
  await main.getByText("May receive marketing: yes, they agreed by a change in this dashboard.").waitFor();
  await main.getByText("Proof: Paper form, 3 May").first().waitFor();
});

test("a person is changed, and the change is in their timeline", async ({ page }) => {
  await addPerson(page, { name: "Tomas Lind", phone: "+46 70 123 45 67" });
  await page.getByRole("button", { name: "Edit" }).click();
  const form = page.getByRole("dialog", { name: "Edit Tomas Lind" });
  await form.getByRole("textbox", { name: "E-mail" }).fill("tomas");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("An e-mail address, like ada@example.com").waitFor();
  await form.getByRole("textbox", { name: "E-mail" }).fill("tomas@example.com");
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("main").getByText("tomas@example.com", { exact: true }).waitFor();
  await page.getByRole("combobox", { name: "What the timeline shows" }).selectOption("profile");
  await expect.poll(() => page.getByRole("region", { name: "Today" }).getByRole("listitem").count()).toBe(2);
});

test("people are found by a property and its value, and put in order by when they were last seen", async ({ page }) => {
  await page.getByRole("link", { name: "Contacts" }).click();
  await page.getByRole("combobox", { name: "Property" }).selectOption("Tier");
  await page.getByRole("searchbox", { name: "Value of Tier" }).fill("gold");
  await page.waitForURL(/property=Tier&value=gold/);
  await page.getByRole("button", { name: "Last seen" }).click();
  await page.waitForURL(/sort=-lastSeenAt/);
  await page.getByRole("columnheader", { name: "Last seen", exact: false }).and(page.locator("[aria-sort=descending]")).waitFor();
  expect(await page.getByRole("row").count()).toBeGreaterThan(5);
  await page.getByRole("searchbox", { name: "Value of Tier" }).fill("no such tier");
  await page.getByRole("heading", { name: "Nobody matches" }).waitFor();
});

test("what a phone writes appears in the person's timeline by itself, and the word STOP opts them out", async ({ demo, page }) => {
  await addPerson(page, { name: "Ada Osei", phone: "+1 555 010 0123", agrees: ["Everything"] });
  const main = page.getByRole("main");
  await main.getByText("May receive marketing: yes, they agreed").waitFor();
  // A page that is loaded anew forgets this.
  await page.evaluate("window.isTheSamePage = true");

  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  const phone = phones.getByRole("region", { name: "Phone of Ada" });
  await phone.getByRole("textbox", { name: "Message" }).fill("Are you open on Sunday?");
  await phone.getByRole("button", { name: "Send" }).click();
  const today = main.getByRole("region", { name: "Today" });
  // The demo's second number hears it as well; each says which it is.
  for (const number of ["Sandbox number", "Haptik-style"]) await today.getByRole("listitem").filter({ hasText: `Wrote to ${number}` }).filter({ hasText: "Are you open on Sunday?" }).waitFor();

  await phone.getByRole("textbox", { name: "Message" }).fill("STOP");
  await phone.getByRole("button", { name: "Send" }).click();
  await main.getByText("May receive marketing: no, because they opted out by a word they wrote.").waitFor();
  await today.getByText(/^by a word they wrote/).first().waitFor();
  expect(await page.evaluate("window.isTheSamePage === true")).toBe(true);
});

test("a word added in the settings opts out whoever writes it, and is answered as the settings say", async ({ demo, page }) => {
  await page.getByRole("link", { name: "Consent words" }).click();
  await page.getByRole("combobox", { name: "Words in English that opt out of marketing" }).fill("no more offers");
  await page.keyboard.press("Enter");
  await page.getByLabel("Answer to an opt-out").first().fill("No more offers for you.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved").waitFor();

  await addPerson(page, { name: "Ada Osei", phone: "+1 555 010 0123", agrees: ["Everything", "Marketing"] });
  const main = page.getByRole("main");
  await main.getByText("May receive marketing: yes, they agreed").waitFor();
  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  const phone = phones.getByRole("region", { name: "Phone of Ada" });
  await phone.getByRole("textbox", { name: "Message" }).fill("No more offers!");
  await phone.getByRole("button", { name: "Send" }).click();
  await main.getByText("May receive marketing: no, because they opted out by a word they wrote.").waitFor();
  await main.getByText("May receive utility: yes").waitFor();
  await phone.getByText("No more offers for you.").first().waitFor();
});

test("consent changed by hand asks first, and keeps the proof and who did it", async ({ page }) => {
  await addPerson(page, { name: "Noor Aziz", phone: "+31 6 12345678" });
  const main = page.getByRole("main");
  await main.getByText("May receive marketing: no, because they have not agreed.").waitFor();
  await main.getByRole("button", { name: "Opt in: Marketing" }).click();
  const asked = page.getByRole("dialog", { name: "Opt Noor Aziz in" });
  await asked.getByText("Do this only when they have said yes.").waitFor();
  await asked.getByRole("textbox", { name: "How you know" }).fill("Said so by phone");
  await asked.getByRole("button", { name: "Opt in" }).click();
  await main.getByText("May receive marketing: yes, they agreed by a change in this dashboard.").waitFor();
  await main.getByRole("region", { name: "Today" }).getByText(/Demo admin · Proof: Said so by phone/).waitFor();
});

test("people are found by name from anywhere, and by number in the list", async ({ page }) => {
  await addPerson(page, { name: "Quentin Marsh", phone: "+44 7911 123456" });
  await page.getByRole("button", { name: /^Search/ }).click();
  await page.getByRole("textbox", { name: "Search everything" }).fill("quent");
  await page.getByRole("button", { name: /Quentin Marsh/ }).click();
  await page.getByRole("heading", { level: 1, name: "Quentin Marsh" }).waitFor();

  await page.getByRole("link", { name: "Contacts", exact: true }).first().click();
  await page.getByRole("searchbox", { name: "Search people" }).fill("+447911");
  await page.waitForURL(/q=/);
  await expect.poll(() => page.getByRole("table", { name: "contacts" }).getByRole("row").count()).toBe(2);
  await page.getByRole("combobox", { name: "Source" }).selectOption("csv");
  await page.getByText("Nobody matches").waitFor();
});

test("a person is deleted after being told what goes, and is gone from the list", async ({ page }) => {
  await addPerson(page, { name: "Ravi Nair", phone: "+91 90000 11111" });
  await page.getByRole("button", { name: "Delete" }).click();
  const asked = page.getByRole("dialog", { name: "Delete Ravi Nair" });
  await asked.getByText("What they agreed to, and its history.").waitFor();
  await asked.getByRole("button", { name: "Delete the person" }).click();
  await page.getByRole("heading", { level: 1, name: "Contacts" }).waitFor();
  await page.getByRole("searchbox", { name: "Search people" }).fill("Ravi Nair");
  await page.getByText("Nobody matches").waitFor();
});

test("several people are deleted at once, with their number and names said first", async ({ page }) => {
  for (const [name, phone] of [["Bulk One", "+91 90000 22221"], ["Bulk Two", "+91 90000 22222"]] as const) await addPerson(page, { name, phone });
  await page.getByRole("link", { name: "Contacts", exact: true }).first().click();
  await page.getByRole("searchbox", { name: "Search people" }).fill("Bulk");
  await page.waitForURL(/q=Bulk/);
  await expect.poll(() => page.getByRole("table", { name: "contacts" }).getByRole("row").count()).toBe(3);
  await page.getByRole("row", { name: /Bulk One/ }).getByRole("checkbox").check();
  await page.getByRole("row", { name: /Bulk Two/ }).getByRole("checkbox").check();
  await page.getByRole("region", { name: "Selected rows" }).getByRole("button", { name: "Delete" }).click();
  const asked = page.getByRole("dialog", { name: "Delete 2 people" });
  await asked.getByText("Bulk One").waitFor();
  await asked.getByRole("button", { name: "Delete" }).click();
  await page.getByText("2 people are deleted").waitFor();
  await page.getByText("Nobody matches").waitFor();
});
