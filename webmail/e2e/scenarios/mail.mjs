// Reading and organising in the mailbox of ten thousand: what a person does in the first half hour.
import assert from "node:assert/strict";
import { test } from "node:test";
import { letter } from "../lib/house.mjs";
import { Mail } from "../lib/mail.mjs";
import { pdf } from "../lib/pdf.mjs";

export default function mail(stage) {
  const unique = (word) => `${word} ${Math.random().toString(36).slice(2, 8)}`;
  /** A letter of its own in the mailbox, and its row. */
  const arrives = async (m, options = {}) => {
    const subject = options.subject ?? unique("E2E");
    await stage.house.deliver(letter({ subject, ...options }));
    const row = m.rowOf(subject).first();
    await row.waitFor();
    return { subject, row };
  };

  test("a wrong password is said, the right one opens the list", () =>
    stage.page(async (page) => {
      const m = new Mail(page, stage.house.url);
      await page.goto(`${stage.house.url}/mail/inbox`);
      await page.getByLabel("Address", { exact: true }).fill("user001@example.com");
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: "do not go together" }).waitFor();
      await page.getByLabel("Password", { exact: true }).fill("secret");
      await page.keyboard.press("Enter");
      await m.row(0).waitFor();
      const cookies = await page.context().cookies();
      const session = cookies.find((cookie) => cookie.name === "__Host-tamanoir");
      assert.deepEqual([session.httpOnly, session.secure, session.sameSite, session.path], [true, true, "Strict", "/"]);
      await page.reload();
      await m.row(0).waitFor();
    }));

  test("the list is honest: all of it in the scroll bar, few rows in the page, any place at once", () =>
    stage.mail(async (m) => {
      const total = await m.total();
      assert.ok(total > stage.messages * 0.6, `${total} conversations`);
      const begun = Date.now();
      await m.scrollTo(0.5);
      const middle = Math.round(total / 2);
      await m.row(middle).waitFor();
      const took = Date.now() - begun;
      const drawn = await m.page.locator(".row").count();
      assert.ok(drawn <= 80, `${drawn} rows in the page`);
      assert.ok(took < 3000, `${took} ms`);
      await m.scrollTo(1);
      await m.row(total - 1).waitFor();
      await m.scrollTo(0);
      await m.row(0).waitFor();
    }));

  test("a mail opens, is read after it was seen, and the next one is a key away", () =>
    stage.mail(async (m) => {
      const { subject, row } = await arrives(m, { text: "Read me." });
      assert.match(await row.getAttribute("aria-label"), /^unread/);
      await m.open(row);
      await m.reader.getByText("Read me.").waitFor();
      assert.match(await m.subject.textContent(), new RegExp(subject));
      await m.page.waitForFunction(
        (text) =>
          [...document.querySelectorAll(".row")].some(
            (r) => r.textContent.includes(text) && !r.classList.contains("unread"),
          ),
        subject,
      );
      await m.press("j");
      await m.page.waitForFunction(
        (text) => !document.querySelector(".reader h1")?.textContent.includes(text),
        subject,
      );
      await m.press("k");
      await m.page.waitForFunction((text) => document.querySelector(".reader h1")?.textContent.includes(text), subject);
    }));

  test("answers and questions stand together, read parts folded; single mails by choice", () =>
    stage.mail(async (m) => {
      const subject = unique("Conversation");
      const first = `<${Math.random()}@e2e.example>`;
      const second = `<${Math.random()}@e2e.example>`;
      await stage.house.deliver(letter({ subject, id: first, text: "the question" }));
      await stage.house.deliver(
        letter({ subject: `Re: ${subject}`, id: second, references: first, text: "the answer" }),
      );
      await stage.house.deliver(
        letter({ subject: `Re: ${subject}`, references: `${first} ${second}`, text: "the thanks" }),
      );
      const row = m.rowOf(subject).first();
      await row.filter({ hasText: "3" }).waitFor();
      assert.equal(await m.rowOf(subject).count(), 1);
      await m.open(row);
      await m.reader.getByText("the thanks").waitFor();
      assert.equal(await m.reader.locator(".card").count(), 3);
    }));

  test("HTML stands in its frame, without pictures from elsewhere and without its script", () =>
    stage.mail(async (m, watch) => {
      const html =
        '<p id=x style="color:#123456">Hello <b>HTML</b></p><script>parent.document.title="no"</script><img src="http://pictures.example/a.png" width=40 height=40>';
      const { row } = await arrives(m, { html });
      await m.open(row);
      await m.frame.getByText("Hello HTML").waitFor();
      await m.reader.getByText("Pictures from elsewhere are not loaded.").waitFor();
      assert.deepEqual(
        watch.requests.filter((url) => url.startsWith("http://pictures.example")),
        [],
      );
      const frame = m.page.locator("iframe.body-frame");
      assert.ok((await frame.boundingBox()).height > 30, "the frame is as tall as its text");
      await m.button("Load pictures").click();
      await m.page.waitForFunction(() =>
        document.querySelector("iframe.body-frame")?.src.endsWith("/frame/remote.html"),
      );
      await m.frame.getByText("Hello HTML").waitFor();
      assert.deepEqual(
        watch.requests.filter((url) => url.startsWith("http://pictures.example")),
        [],
      );
    }));

  test("search finds by words and operators, says where, and goes back", () =>
    stage.mail(async (m) => {
      const word = `xyl${Math.random().toString(36).slice(2, 9)}`;
      await stage.house.deliver(letter({ subject: "Report of the week", text: `Somewhere in here: ${word}.` }));
      await stage.until("it is found", async () => {
        await m.search(word);
        return m
          .rowOf("Report of the week")
          .first()
          .waitFor({ timeout: 5000 })
          .then(
            () => true,
            () => false,
          );
      });
      assert.equal(await m.total(), 1);
      await m.search(`from:grace subject:week ${word}`);
      await m.rowOf("Report of the week").first().waitFor();
      await m.search(`from:nobody ${word}`);
      await m.page.getByText("Nothing found").waitFor();
      await m.search("xylophonique");
      await m.row(0).waitFor();
      const found = await m.total();
      assert.ok(found >= 1 && found <= stage.messages / 900 + 2, `${found} found`);
      await m.search("has:attachment is:unread");
      await m.row(0).waitFor();
    }));

  test("archive, delete, move, star: at once in the list, taken back by undo", () =>
    stage.mail(async (m) => {
      for (const [key, words] of [
        ["e", "Archived"],
        ["Delete", "Deleted"],
      ]) {
        const { subject, row } = await arrives(m);
        await m.open(row);
        await m.press(key);
        await row.waitFor({ state: "detached" });
        await m.toast.filter({ hasText: words }).waitFor();
        await m.press("z");
        await m.rowOf(subject).first().waitFor();
      }
      const { subject, row } = await arrives(m);
      await m.open(row);
      await m.press("s");
      await m.page.waitForFunction(
        (text) =>
          [...document.querySelectorAll(".row")].some(
            (r) => r.textContent.includes(text) && r.querySelector(".row-star.on"),
          ),
        subject,
      );
      await m.press("v");
      await m.page.keyboard.type("Invoices");
      await m.press("Enter");
      await row.waitFor({ state: "detached" });
      await m.toast.filter({ hasText: "Invoices" }).waitFor();
      const imap = await stage.house.imap("Invoices");
      await stage.until(
        "IMAP sees it there, starred",
        async () => (await imap.search(`FLAGGED SUBJECT "${subject}"`)).length === 1,
      );
      imap.close();
      await m.toast.getByRole("button", { name: "Undo" }).click();
      await m.rowOf(subject).first().waitFor();
    }));

  test("labels are keywords, in colour here and by name in other programs", () =>
    stage.mail(async (m) => {
      const { subject, row } = await arrives(m);
      await m.open(row);
      await m.press("l");
      await m.item(/New label/).click();
      const label = `e2e${Math.random().toString(36).slice(2, 6)}`;
      await m.page.getByRole("dialog").getByLabel("Name").fill(label);
      await m.press("Enter");
      await m.rowOf(subject).filter({ hasText: label }).first().waitFor();
      const imap = await stage.house.imap("INBOX");
      await stage.until(
        "IMAP sees the keyword",
        async () => (await imap.search(`KEYWORD ${label} SUBJECT "${subject}"`)).length === 1,
      );
      imap.close();
    }));

  test("snoozed mail leaves, waits in its folder and comes back unread", () =>
    stage.mail(async (m) => {
      const { subject, row } = await arrives(m);
      await m.open(row);
      await m.press("b");
      await m.page.getByText("Tomorrow", { exact: true }).first().click();
      await row.waitFor({ state: "detached" });
      await m.toast.filter({ hasText: "back" }).waitFor();
      await m.folder("Snoozed");
      await m.rowOf(subject).first().waitFor();
    }));

  test("mail that arrives is in the list at once; what another program changes is seen", () =>
    stage.mail(async (m, watch) => {
      const times = [];
      for (let i = 0; i < 3; i++) {
        const subject = unique("Live");
        const begun = Date.now();
        await stage.house.deliver(letter({ subject }));
        await m.rowOf(subject).first().waitFor();
        times.push(Date.now() - begun);
        if (i < 2) continue;
        const imap = await stage.house.imap("INBOX");
        const [uid] = await imap.search(`SUBJECT "${subject}"`);
        await imap.say(`UID STORE ${uid} +FLAGS (\\Flagged \\Seen)`);
        await m.page.waitForFunction(
          (text) =>
            [...document.querySelectorAll(".row")].some(
              (r) => r.textContent.includes(text) && r.querySelector(".row-star.on") && !r.classList.contains("unread"),
            ),
          subject,
        );
        await imap.say(`UID STORE ${uid} +FLAGS (\\Deleted)`);
        await imap.say("EXPUNGE");
        await m.rowOf(subject).first().waitFor({ state: "detached" });
        imap.close();
      }
      assert.equal(watch.loads, 1, "nothing was loaded anew");
      assert.ok(Math.min(...times) < 1500, `SMTP to row: ${times} ms`);
    }));

  test("many at once: a range, the whole folder, with one undo", () =>
    stage.mail(async (m) => {
      const subjects = [];
      for (let i = 0; i < 3; i++) subjects.push((await arrives(m)).subject);
      await m.row(2).locator(".row-check").click();
      await m
        .row(0)
        .locator(".row-check")
        .click({ modifiers: ["Shift"] });
      await m.page.getByText("3 selected").waitFor();
      await m.press("e");
      for (const subject of subjects) await m.rowOf(subject).first().waitFor({ state: "detached" });
      await m.toast.filter({ hasText: "3 archived" }).getByRole("button", { name: "Undo" }).click();
      for (const subject of subjects) await m.rowOf(subject).first().waitFor();
    }));

  test("folders are made, renamed, filled and deleted", () =>
    stage.mail(async (m) => {
      const name = unique("Folder");
      await m.button("New folder").click();
      await m.page.getByRole("dialog").getByLabel("Name").fill(name);
      await m.press("Enter");
      const folder = m.page.locator(".folder").filter({ hasText: name });
      await folder.waitFor();
      await folder.click({ button: "right" });
      await m.item("Rename").click();
      await m.page.getByRole("dialog").getByLabel("Name").fill(`${name} B`);
      await m.press("Enter");
      await m.page
        .locator(".folder")
        .filter({ hasText: `${name} B` })
        .click();
      await m.page.getByText("This folder is empty").waitFor();
      await m.page
        .locator(".folder")
        .filter({ hasText: `${name} B` })
        .click({ button: "right" });
      await m.item("Delete").click();
      await m.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await m.page
        .locator(".folder")
        .filter({ hasText: `${name} B` })
        .waitFor({ state: "detached" });
    }));

  test("without the server there is a band, and with it again everything goes on", () =>
    stage.mail(async (m) => {
      await m.page.context().setOffline(true);
      await m.page.getByText("No connection.").waitFor();
      await m.page.context().setOffline(false);
      await m.page.getByText("No connection.").waitFor({ state: "detached", timeout: 90_000 });
      await arrives(m);
    }));

  test("the keyboard alone: list, mail, menu, help, search", () =>
    stage.mail(async (m) => {
      const { subject } = await arrives(m);
      await m.press("g");
      await m.press("i");
      await m.press("Home");
      await m.press("Enter");
      await m.reader.locator(".card").first().waitFor();
      assert.match(await m.subject.textContent(), new RegExp(subject));
      await m.press("?");
      await m.page.getByRole("dialog").filter({ hasText: "Keyboard" }).waitFor();
      await m.press("Escape");
      await m.page.getByRole("dialog").filter({ hasText: "Keyboard" }).waitFor({ state: "detached" });
      await m.press("u");
      await m.page.getByText("Select a mail to read it").waitFor();
      await m.press("Shift+F10");
      await m.page.getByRole("menu").waitFor();
      await m.press("Escape");
      await m.press("/");
      assert.equal(
        await m.page.evaluate(() => document.activeElement.getAttribute("role") ?? document.activeElement.type),
        "combobox",
      );
    }));

  test("attachments: all in one file, one by itself, looked at in place", () =>
    stage.mail(async (m, watch) => {
      const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
      const subject = unique("Files");
      const part = (type, name, body) =>
        `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`;
      await stage.house.deliver(
        `From: a@elsewhere.example\r\nTo: user001@example.com\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nTwo files.\r\n${part("image/png", "Bild ä.png", png)}${part("text/plain", "notes.txt", Buffer.from("hello").toString("base64"))}${part("application/pdf", "plan.pdf", pdf("The garden plan", "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"))}--b--\r\n`,
      );
      const row = m.rowOf(subject).first();
      await row.waitFor();
      await m.open(row);
      const download = async (click) => {
        const [got] = await Promise.all([m.page.waitForEvent("download"), click()]);
        return got;
      };
      const one = await download(() => m.page.getByRole("link", { name: "Download notes.txt" }).click());
      assert.equal(one.suggestedFilename(), "notes.txt");
      const all = await download(() => m.page.getByRole("link", { name: "Download all" }).click());
      assert.match(all.suggestedFilename(), /\.zip$/);
      const { readFileSync } = await import("node:fs");
      assert.equal(readFileSync(await one.path(), "utf8"), "hello");
      assert.equal(
        readFileSync(await all.path())
          .subarray(0, 2)
          .toString(),
        "PK",
      );
      await m.button("Look at Bild ä.png").click();
      await m.page.locator("dialog img").waitFor();
      await m.press("Escape");
      await m.page.locator("dialog img").waitFor({ state: "detached" });

      // A PDF is drawn with its words above it, and what it wants to do at opening is not done.
      await m.button("Look at plan.pdf").click();
      const paper = m.page.locator("dialog .pdf-page[data-drawn]");
      await paper.waitFor();
      assert.match(await paper.textContent(), /The garden plan/);
      const dark = await paper.locator("canvas").evaluate((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0 && data[at] < 64) count++;
        return count / (data.length / 4);
      });
      assert.ok(dark > 0.05, `ink on the page: ${dark}`);
      await m.press("Escape");
      await paper.waitFor({ state: "detached" });
      assert.deepEqual(watch.dialogs, []);
      assert.deepEqual(
        watch.requests.filter((address) => /^\w+:/.test(address)),
        [],
      );
    }));
}
