// Writing: what is written is never lost, goes once, and can be called back.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { DESKTOP } from "../lib/browser.mjs";
import { letter, OTHER, USER } from "../lib/house.mjs";
import { Mail } from "../lib/mail.mjs";

export default function compose(stage) {
  const unique = (word) => `${word} ${Math.random().toString(36).slice(2, 8)}`;
  const sheet = (m) => m.page.locator("section.compose").last();
  const body = (m) => sheet(m).getByRole("textbox", { name: "Text of the mail" });
  const write = async (m, { to, subject, text }) => {
    if (to) {
      await sheet(m).getByRole("combobox", { name: "To" }).fill(to);
      await m.press("Enter");
    }
    if (subject) await sheet(m).getByLabel("Subject").fill(subject);
    if (text) {
      await body(m).click();
      await m.press("Control+Home");
      await m.page.keyboard.type(text);
    }
  };
  const send = (m) => sheet(m).getByRole("button", { name: "Send", exact: true }).click();
  /** How many mails of that subject the server has in a folder. */
  const count = async (folder, subject) => {
    const imap = await stage.house.imap(folder);
    try {
      return (await imap.search(`SUBJECT "${subject}"`)).length;
    } finally {
      imap.close();
    }
  };
  const drafts = (subject) => count("Drafts", subject);
  /** The unfinished mails that the browser itself holds. */
  const copies = (page) =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open("tamanoir-writing", 1);
          // Not there yet: making it is the program's business.
          opening.onupgradeneeded = () => opening.transaction.abort();
          opening.onerror = () => resolve("");
          opening.onsuccess = () => {
            const all = opening.result.transaction("drafts").objectStore("drafts").getAll();
            all.onsuccess = () => {
              opening.result.close();
              resolve(JSON.stringify(all.result).replaceAll(/&nbsp;|\u00a0/g, " "));
            };
          };
        }),
    );
  const bobHas = async (subject, count = 1) => {
    const bob = await stage.house.imap("INBOX", OTHER);
    try {
      await stage.until(
        `bob has ${subject}`,
        async () => (await bob.search(`SUBJECT "${subject}"`)).length === count,
        60_000,
      );
      const [uid] = await bob.search(`SUBJECT "${subject}"`);
      return uid ? await bob.say(`UID FETCH ${uid} (BODY[])`) : "";
    } finally {
      bob.close();
    }
  };
  /** Sending waits for the undo bar; who wants it now says so to the server by the shortest delay. */
  const withoutDelay = (m) => m.setting({ undoSendSeconds: 0 });

  test("a new mail with formatting and a file arrives as it was written, once, and is in Sent", () =>
    stage.mail(async (m) => {
      await withoutDelay(m);
      const subject = unique("Written");
      const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "e2e-")), "plan ä.txt");
      fs.writeFileSync(file, "a plan\n".repeat(2000));
      await m.press("c");
      await write(m, { to: OTHER, subject, text: "Hello " });
      await m.press("Control+b");
      await m.page.keyboard.type("Bob");
      await m.press("Control+b");
      await m.page.keyboard.type(", as discussed.");
      const [chooser] = await Promise.all([
        m.page.waitForEvent("filechooser"),
        sheet(m)
          .getByRole("button", { name: /^Attach files/ })
          .click(),
      ]);
      await chooser.setFiles(file);
      await sheet(m).getByText("plan ä.txt").waitFor();
      await send(m);
      await sheet(m).waitFor({ state: "detached" });
      const got = await bobHas(subject);
      assert.match(got, /<(b|strong)>Bob<\/(b|strong)>/);
      assert.match(got, /filename\*?=/);
      await m.folder("Sent");
      await m.rowOf(subject).first().waitFor();
      await m.folder("Drafts");
      await stage.until("no draft is left behind", async () => (await drafts(subject)) === 0);
      await m.rowOf(subject).first().waitFor({ state: "detached" });
    }));

  test("a reply quotes, keeps the thread and marks the question as answered", () =>
    stage.mail(async (m) => {
      await withoutDelay(m);
      const subject = unique("Question");
      const id = `<${Math.random().toString(36).slice(2)}@e2e.example>`;
      await stage.house.deliver(letter({ subject, id, from: `Bob <${OTHER}>`, text: "Shall we?" }));
      const row = m.rowOf(subject).first();
      await row.waitFor();
      await m.open(row);
      await m.press("r");
      await body(m).getByText("Shall we?").waitFor();
      await write(m, { text: "We shall." });
      await send(m);
      const got = await bobHas(`Re: ${subject}`);
      assert.match(got, new RegExp(`In-Reply-To: ${id.replace(/[.]/g, "\\.")}`));
      assert.match(got, /We shall\./);
      assert.match(got, /Shall we\?/);
      const imap = await stage.house.imap("INBOX");
      await stage.until(
        "it is marked as answered",
        async () => (await imap.search(`ANSWERED SUBJECT "${subject}"`)).length >= 1,
      );
      imap.close();
      await m.rowOf(subject).filter({ hasText: "2" }).first().waitFor();
    }));

  test("a forwarded mail keeps foreign HTML and its files", () =>
    stage.mail(async (m) => {
      await withoutDelay(m);
      const subject = unique("Invoice");
      const html =
        '<table style="border-collapse:collapse"><tr><td bgcolor="#ffeecc" style="padding:7px">Row of a table</td></tr></table>';
      await stage.house.deliver(
        `From: Grace <grace@elsewhere.example>\r\nTo: ${USER}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=bill.txt\r\n\r\ntwelve\r\n--b--\r\n`,
      );
      const row = m.rowOf(subject).first();
      await row.waitFor();
      await m.open(row);
      await m.press("f");
      await body(m).getByText("Row of a table").waitFor();
      await sheet(m).getByText("bill.txt").waitFor();
      await write(m, { to: OTHER });
      await send(m);
      const got = await bobHas(`Fwd: ${subject}`);
      assert.match(got.replace(/=\r\n/g, ""), /<td[^>]*(ffeecc|255, ?238, ?204)/i);
      assert.match(got, /bill\.txt/);
    }));

  test("send can be undone: nothing left, and the mail is open again as it was", () =>
    stage.mail(async (m) => {
      await m.setting({ undoSendSeconds: 10 });
      const subject = unique("Regretted");
      await m.press("c");
      await write(m, { to: OTHER, subject, text: "Too fast." });
      await send(m);
      await m.toast.getByRole("button", { name: "Undo" }).click();
      await body(m).getByText("Too fast.").waitFor();
      assert.equal(await sheet(m).getByLabel("Subject").inputValue(), subject);
      await sheet(m)
        .getByRole("button", { name: /^Discard draft/ })
        .click();
      const bob = await stage.house.imap("INBOX", OTHER);
      assert.equal((await bob.search(`SUBJECT "${subject}"`)).length, 0);
      bob.close();
    }));

  test("send later waits on the server, is listed, and can be called back", () =>
    stage.mail(async (m) => {
      const subject = unique("Later");
      await m.press("c");
      await write(m, { to: OTHER, subject, text: "In time." });
      await sheet(m).getByRole("button", { name: "More ways to send" }).click();
      await m.item("Send later…").click();
      await m.page.getByRole("dialog", { name: "Send later" }).getByText("Tomorrow morning").click();
      await m.toast.filter({ hasText: "Will be sent" }).waitFor();
      // Until then it is not among what was sent.
      assert.equal(await count("Scheduled", subject), 1);
      assert.equal(await count("Sent", subject), 0);
      await m.press("c");
      await sheet(m).getByRole("button", { name: "More ways to send" }).click();
      await m.item("Scheduled mails").click();
      const list = m.page.getByRole("dialog", { name: "Scheduled mails" });
      await list.getByText(subject).waitFor();
      await list
        .getByRole("button", { name: /Do not send/ })
        .first()
        .click();
      await m.toast.filter({ hasText: "Not sent" }).waitFor();
      await stage.until("it is a draft again", async () => (await drafts(subject)) === 1);
      assert.equal(await count("Scheduled", subject), 0);
    }));

  test("a draft survives a killed tab, and is there once", () =>
    stage.page(async (page) => {
      const context = page.context();
      const m = new Mail(page, stage.house.url);
      await m.signIn();
      const subject = unique("Unfinished");
      await m.press("c");
      await write(m, { to: OTHER, subject, text: "I was just about to say" });
      // No close, no unload: the renderer dies in the middle of the sentence.
      const session = await context.newCDPSession(page);
      await stage.until("the browser has a copy", async () => (await copies(page)).includes("I was just about to say"));
      session.send("Page.crash").catch(() => {});
      await page.waitForEvent("crash");
      const again = new Mail(await context.newPage(), stage.house.url);
      await again.page.goto(stage.house.url);
      await again.page.getByText("Nothing is lost.").waitFor();
      await again.page.getByRole("button", { name: "Continue" }).first().click();
      await body(again).getByText("I was just about to say").waitFor();
      assert.equal(await sheet(again).getByLabel("Subject").inputValue(), subject);
      await sheet(again)
        .getByRole("button", { name: /^Save and close/ })
        .click();
      await again.folder("Drafts");
      await again.rowOf(subject).first().waitFor();
      await stage.until("it is there once", async () => (await drafts(subject)) === 1);
      assert.equal(await again.rowOf(subject).count(), 1);
    }, DESKTOP));

  test("a draft begun here is finished in another browser", () =>
    stage.mail(async (m) => {
      await withoutDelay(m);
      const subject = unique("Begun");
      await m.press("c");
      await write(m, { to: OTHER, subject, text: "First half." });
      await sheet(m)
        .getByText(/^Saved/)
        .waitFor();
      await stage.mail(async (other) => {
        await other.folder("Drafts");
        await other.open(other.rowOf(subject).first());
        await other.button("Continue").click();
        await body(other).getByText("First half.").waitFor();
        await send(other);
        await bobHas(subject);
      });
    }));

  test("the forgotten attachment is asked for", () =>
    stage.mail(async (m) => {
      await m.press("c");
      await write(m, { to: OTHER, subject: unique("Report"), text: "I have attached the report." });
      await send(m);
      await m.page.getByText("Attachment forgotten?").waitFor();
      await m.button("Back to the mail").click();
      await sheet(m)
        .getByRole("button", { name: /^Discard draft/ })
        .click();
    }));
}
