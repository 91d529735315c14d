import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

const file = {
  name: "customers.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    ["Customer ID;Full name;Mobile;City;Notes", "imp-1;Anneke Visser;+31 6 12345601;Utrecht;calls back", "imp-2;Bashir Noor;98765 43211;Pune;", "imp-3;Carla Diaz;12;Lima;wrong number"].join("\r\n"),
  ),
};

test("a CSV file becomes people: columns, consent with its proof, a check of every row, the error row, the result", async ({ page }) => {
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Import" }).waitFor();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose a file" }).click()]);
  await chooser.setFiles(file);

  // Guessed from names and values; one is ignored.
  await page.getByRole("heading", { level: 1, name: "customers.csv" }).waitFor();
  const choice = (column: string) => page.getByRole("combobox", { name: `“${column}” becomes` });
  await expect.poll(() => choice("Mobile").inputValue()).toBe("phone");
  expect(await choice("Full name").inputValue()).toBe("name");
  await choice("Customer ID").selectOption("identity");
  await choice("City").selectOption("property");
  await choice("Notes").selectOption("skip");
  await page.getByText("separated by semicolons").waitFor();

  await page.getByRole("combobox", { name: "Country of numbers without one" }).selectOption("IN");
  await page.getByRole("combobox", { name: "Consent", exact: true }).selectOption("marketing");
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByText("Say how they agreed: it is the proof of their consent").waitFor();
  await page.getByRole("textbox", { name: "How they agreed" }).fill("Shop counter, October");
  await page.getByRole("button", { name: "Check every row" }).click();

  // Nobody is changed yet; the row that cannot be taken is named and can be downloaded.
  await page.getByRole("heading", { name: "What would happen" }).waitFor();
  const problem = page.getByRole("table", { name: "Problems" }).getByRole("row").nth(1);
  expect(await problem.getByRole("rowheader").textContent()).toBe("Row 4");
  expect(await problem.getByRole("cell").allTextContents()).toEqual(["Mobile", "12", expect.any(String)]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Rejected rows as CSV" }).click()]);
  expect(await readFile(await download.path(), "utf8")).toContain("Mobile");

  await page.getByRole("button", { name: "Import 2 people" }).click();
  await page.getByRole("heading", { name: "Done", exact: true }).waitFor();
  await page.getByText("People added").waitFor();

  await page.getByRole("link", { name: "See the people" }).click();
  await page.getByRole("link", { name: "Bashir Noor" }).click();
  const main = page.getByRole("main");
  await main.getByText("+91 98765 43211").first().waitFor();
  await main.getByText("May receive marketing: yes, they agreed by a CSV import.").waitFor();
  await main.getByText("Proof: Shop counter, October").first().waitFor();
  await main.getByText("Pune", { exact: true }).first().waitFor();
});

test("two columns for the same thing are refused beside the second", async ({ page }) => {
  await page.goto(new URL("/people/import", page.url()).href);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Choose a file" }).click()]);
  await chooser.setFiles({ ...file, name: "twice.csv" });
  await page.getByRole("combobox", { name: "“Notes” becomes" }).selectOption("phone");
  await page.getByText("“Mobile” is that already").waitFor();
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByText("Put the columns in order first").waitFor();
});

test("a past import stays in the list with what became of its rows", async ({ page }) => {
  await page.getByRole("link", { name: "Import", exact: true }).click();
  const row = page.getByRole("row", { name: /customers\.csv/ });
  await row.getByText("2 added, 0 updated, 1 rejected").waitFor();
  await row.getByRole("link").click();
  await page.getByRole("heading", { name: "Done", exact: true }).waitFor();
  await page.getByRole("table", { name: "Problems" }).waitFor();
});
