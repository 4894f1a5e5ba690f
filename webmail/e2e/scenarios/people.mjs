// Contacts and settings: what is entered is kept, what is chosen is seen at once, and who is signed in can be ended.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { letter } from "../lib/house.mjs";
import { Mail } from "../lib/mail.mjs";

export default function people(stage) {
  const unique = (word) => `${word}${Math.random().toString(36).slice(2, 8)}`;
  /** What the server keeps of this person's choices. */
  const settings = async (m) =>
    (await m.jmap("Settings/get", { ids: ["singleton"] }, "urn:tamanoir:jmap:settings")).list[0];

  test("a contact is made, found, suggested while writing, changed and deleted with undo", () =>
    stage.mail(async (m) => {
      const name = unique("Zora");
      await m.page.goto(`${stage.house.url}/contacts`);
      await m.button("New").click();
      await m.item("New contact").click();
      await m.page.getByLabel("First name").fill(name);
      await m.page.getByLabel("Last name").fill("Žižková");
      await m.page.getByLabel("Mail address").first().fill(`${name.toLowerCase()}@friends.example`);
      await m.button("Save").click();
      const row = m.page.locator(".contact-row").filter({ hasText: name });
      await row.waitFor();
      await m.page.getByRole("searchbox", { name: "Search contacts" }).fill("zizkova");
      await row.waitFor();
      await m.page.getByRole("searchbox", { name: "Search contacts" }).fill("");
      await m.page.goto(`${stage.house.url}/mail/inbox`);
      await m.row(0).waitFor();
      await m.press("c");
      await m.page.getByRole("combobox", { name: "To" }).pressSequentially(name.slice(0, 7));
      await m.page.getByRole("option").filter({ hasText: name }).first().waitFor();
      await m.press("Enter");
      await m.page.locator(".compose-chip").filter({ hasText: name }).waitFor();
      await m.page.getByRole("button", { name: /^Discard draft/ }).click();
      await m.page.goto(`${stage.house.url}/contacts`);
      await row.click();
      await m.page.locator(".contacts-detail").getByText("Žižková").first().waitFor();
      await m.button("Edit").click();
      await m.page.getByLabel("Nickname").fill("Zo");
      await m.button("Save").click();
      await m.page.locator(".contacts-detail").getByText("“Zo”").waitFor();
    }));

  test("cards come in and go out as vCard", () =>
    stage.mail(async (m) => {
      const name = unique("Imported");
      const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "e2e-")), "cards.vcf");
      const card = (n) =>
        `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${n}\r\nN:;${n};;;\r\nEMAIL:${n.toLowerCase()}@friends.example\r\nEND:VCARD\r\n`;
      fs.writeFileSync(file, card(name) + card(`${name}B`));
      await m.page.goto(`${stage.house.url}/contacts`);
      await m.button("More for contacts").click();
      const [chooser] = await Promise.all([m.page.waitForEvent("filechooser"), m.item("Import vCard…").click()]);
      await chooser.setFiles(file);
      await m.toast.filter({ hasText: "2 contacts imported" }).waitFor();
      await m.page
        .locator(".contact-row")
        .filter({ hasText: `${name}B` })
        .waitFor();
      await m.button("More for contacts").click();
      const [download] = await Promise.all([m.page.waitForEvent("download"), m.item("Export as vCard").click()]);
      assert.match(fs.readFileSync(await download.path(), "utf8"), new RegExp(name));
    }));

  test("the people one wrote to are remembered", () =>
    stage.mail(async (m) => {
      await m.setting({ undoSendSeconds: 0 });
      const to = `bob+${unique("x")}@example.com`;
      await m.press("c");
      const sheet = m.page.locator("section.compose");
      await sheet.getByRole("combobox", { name: "To" }).fill(to);
      await m.press("Enter");
      await sheet.getByLabel("Subject").fill("Remember me");
      await sheet.getByRole("button", { name: "Send", exact: true }).click();
      await sheet.waitFor({ state: "detached" });
      await m.press("c");
      await stage.until("the address is offered", async () => {
        await sheet.getByRole("combobox", { name: "To" }).fill("");
        await sheet.getByRole("combobox", { name: "To" }).pressSequentially(to.slice(0, 8));
        const offer = m.page.getByRole("option").filter({ hasText: to });
        return offer
          .first()
          .waitFor({ timeout: 5000 })
          .then(
            () => true,
            () => false,
          );
      });
    }));

  test("theme, language and layout change at once and stay", () =>
    stage.mail(async (m) => {
      const html = m.page.locator("html");
      await m.page.goto(`${stage.house.url}/settings/appearance`);
      const choose = (group, option) =>
        m.page.getByRole("group", { name: group }).getByText(option, { exact: true }).click();
      await choose("Theme", "Dark");
      await m.page.waitForFunction(
        () =>
          getComputedStyle(document.body).colorScheme.includes("dark") ||
          document.documentElement.dataset.theme === "dark",
      );
      await choose("Layout", "List only");
      await m.page.getByText("Saved", { exact: true }).waitFor();
      await m.page.getByLabel("Language", { exact: true }).selectOption("fr");
      await m.page.getByRole("heading", { name: "Apparence" }).waitFor();
      assert.equal(await html.getAttribute("lang"), "fr");
      await stage.until("the server has it", async () => (await settings(m)).language === "fr");
      try {
        await stage.mail((other) => other.page.locator("html[lang=fr]").waitFor({ state: "attached" }));
      } finally {
        await m.page.goto(`${stage.house.url}/mail/inbox`);
        await m.setting({ theme: "system", layout: "right", language: "" });
      }
    }));

  test("a session elsewhere is listed and ended; it is asked to sign in again without losing its page", () =>
    stage.mail((one) =>
      stage.mail(async (other) => {
        await one.page.goto(`${stage.house.url}/settings/account`);
        await one.page.getByText("this browser").waitFor();
        const buttons = one.page.getByRole("button", { name: /^Sign out (?!everywhere)/ });
        await buttons.first().waitFor();
        for (let left = await buttons.count(); left > 0; left--) {
          await buttons.first().click();
          await one.page.waitForFunction(
            (n) => document.querySelectorAll(".settings-list button").length < n,
            left + 5,
          );
          await one.page.waitForTimeout(100);
        }
        // It may have heard of it already: then the dialog is in the way of the click.
        await other
          .row(0)
          .click({ timeout: 2000 })
          .catch(() => undefined);
        await other.page.getByText("Please sign in again").waitFor();
        await other.page.getByRole("dialog").locator("input[name=password]").fill("secret");
        await other.press("Enter");
        await other.page.getByText("Please sign in again").waitFor({ state: "detached" });
        await other.row(0).waitFor();
      }),
    ));

  test("the password changes, the old one no longer opens, and back", () =>
    stage.mail(async (m) => {
      const change = async (from, to) => {
        await m.page.goto(`${stage.house.url}/settings/account`);
        await m.page.getByLabel("Present password").fill(from);
        await m.page.getByLabel("New password", { exact: true }).fill(to);
        await m.page.getByLabel("New password again").fill(to);
        await m.button("Change password").click();
        await m.page.getByText("Password changed").waitFor();
      };
      await change("secret", "correct horse battery staple");
      const attempt = (password) =>
        fetch(`${stage.house.url}/auth/sign-in`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ name: "user001@example.com", password }),
        });
      assert.equal((await attempt("secret")).status, 401);
      assert.equal((await attempt("correct horse battery staple")).status, 200);
      // Through the command line back again: the form may ask for more than "secret" has.
      stage.house.command("account", "password", "user001", "--password", "secret");
    }));

  test("a key is changed and its command follows", () =>
    stage.mail(async (m) => {
      await m.page.goto(`${stage.house.url}/settings/keyboard`);
      await m.button("Change the key of Archive").click();
      await m.press("y");
      await m.page
        .getByText(/y is now Archive/i)
        .first()
        .waitFor();
      await stage.until("the server has it", async () => JSON.stringify((await settings(m)).keys ?? {}).includes("y"));
      const subject = unique("Key");
      await stage.house.deliver(letter({ subject }));
      await m.page.goto(`${stage.house.url}/mail/inbox`);
      await m.open(m.rowOf(subject).first());
      await m.press("y");
      await m.rowOf(subject).first().waitFor({ state: "detached" });
      await m.setting({ keys: {} });
    }));

  test("signing out leaves nothing behind", () =>
    stage.page(async (page) => {
      const m = new Mail(page, stage.house.url);
      await m.signIn();
      await page.getByRole("button", { name: /^Account:/ }).click();
      await m.item("Sign out").click();
      await page.getByLabel("Password", { exact: true }).waitFor();
      assert.deepEqual(
        (await page.context().cookies()).filter((c) => c.value),
        [],
      );
      await page.goto(`${stage.house.url}/mail/inbox`);
      await page.getByLabel("Password", { exact: true }).waitFor();
    }));
}
