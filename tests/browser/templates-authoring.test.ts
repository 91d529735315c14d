import type { Page } from "playwright-core";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

async function openForm(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await page.getByRole("link", { name: "Template", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "New template" }).waitFor();
}

const preview = (page: Page) => page.getByRole("figure", { name: /^Preview of the chat/ });
const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

test("what is typed shows on the phone, with samples in the place of variables", async ({ page }) => {
  await openForm(page);
  await box(page, "Body").fill("Hi {{1}}, the *sale* begins on {{2}} and we look forward to it.");
  await box(page, "Sample for {{1}}").fill("Ada");
  await preview(page).getByText("Hi Ada, the").waitFor();
  await preview(page).getByText("{{2}}").waitFor();
  await page.getByText("With variables").click();
  await preview(page).getByText("{{1}}").waitFor();
});

test("a limit is told while one types, and what is missing once one wants to submit", async ({ page }) => {
  await openForm(page);
  await box(page, "Footer").fill("x".repeat(61));
  await page.getByText("A footer has at most 60 characters.").first().waitFor();
  await page.getByText("61 / 60").waitFor();
  expect(await page.getByText("A body needs a text.").count()).toBe(1);
  await page.getByRole("button", { name: "Submit to Meta" }).click();
  await expect.poll(() => page.getByText("A body needs a text.").count()).toBe(2);
  expect(await box(page, "Name").evaluate("document.activeElement.getAttribute('aria-invalid')")).toBe("true");
});

test("leaving with unsaved words asks first, and staying keeps them", async ({ page }) => {
  await openForm(page);
  await box(page, "Body").fill("Not saved yet");
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("dialog", { name: "Leave without saving" }).getByRole("button", { name: "Stay" }).click();
  expect(await box(page, "Body").inputValue()).toBe("Not saved yet");
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor();
});

test("a template is written, submitted and approved, and can then be tried", async ({ page }) => {
  await openForm(page);
  await box(page, "Name").fill("Autumn news");
  expect(await box(page, "Name").inputValue()).toBe("autumn_news");
  await box(page, "Body").fill("Hi {{1}}, our autumn letter is out, with all that is new in the shop.");
  await box(page, "Sample for {{1}}").fill("Ada");
  await box(page, "Footer").fill("Reply STOP to opt out");
  for (const kind of ["Link", "Marketing opt-out"]) {
    await page.getByRole("button", { name: "Add a button" }).click();
    await page.getByRole("menuitem", { name: kind }).click();
  }
  await box(page, "Label").first().fill("Read it");
  await box(page, "Address").fill("https://shop.example/letters/{{1}}");
  await box(page, "Sample of the whole address").fill("https://shop.example/letters/autumn");
  await page.getByText("Every rule is kept").waitFor();
  await page.getByRole("button", { name: "Submit to Meta" }).click();
  await page.getByRole("heading", { level: 1, name: "autumn_news" }).waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Send test" }).isEnabled(), { timeout: 30_000 }).toBe(true);
});

test("a draft keeps everything, another language of it starts as its copy, and both stand side by side", async ({ page }) => {
  await openForm(page);
  await box(page, "Name").fill("two_languages");
  await box(page, "Body").fill("Good morning");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("heading", { level: 1, name: "two_languages" }).waitFor();
  await page.getByText("Draft: it cannot be sent now").waitFor();
  await page.getByRole("button", { name: "Add a language" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a language" });
  await dialog.getByRole("combobox", { name: "Language" }).or(dialog.getByRole("textbox", { name: "Language" })).first().fill("German");
  await page.getByRole("option", { name: "German (de)" }).click();
  await dialog.getByRole("button", { name: "Make the draft" }).click();
  await page.getByRole("heading", { level: 1, name: "Edit two_languages" }).waitFor();
  await box(page, "Body").fill("Guten Morgen");
  await page.getByRole("button", { name: "Save draft" }).click();
  const languages = page.getByRole("region", { name: "Languages side by side" });
  // The new one stands there as the copy it was until it is read again.
  await languages.getByText("Guten Morgen").waitFor();
  await languages.getByText("Good morning").waitFor();
});

test("deleting an approved template states Meta's rule about its name", async ({ page }) => {
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await page.getByRole("link", { name: "autumn_news" }).click();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete autumn_news" });
  await dialog.getByText(/Meta blocks the name autumn_news for 30 days/).waitFor();
  await dialog.getByRole("textbox").fill("autumn_news");
  await dialog.getByRole("button", { name: "Delete the template" }).click();
  await page.getByRole("heading", { level: 1, name: "Templates" }).waitFor();
  await expect.poll(() => page.getByRole("link", { name: "autumn_news" }).count()).toBe(0);
});
