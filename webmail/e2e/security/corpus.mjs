// The corpus through the whole road: in by SMTP, stored, fetched over JMAP, cleaned and shown by the webmail in Chromium.
// After each message nothing may have run, left, been stored, gone elsewhere or been put outside the reading frame.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { corpus } from "../corpus/index.mjs";
import { Watch } from "../lib/browser.mjs";
import { Mail } from "../lib/mail.mjs";

/** What the webmail itself asks its own server for while mails are read; pictures are asked for only after a click. */
const OWN =
  /^\/(jmap\/(api|events|ws)\b|jmap\/download\/|frame\/strict\.html$|assets\/|locales\/|auth\/session$|icon\.svg$|sw\.js$|manifest\.webmanifest$|mail\/|$)/;
/** What a cleaned body has nothing of. */
const FORBIDDEN =
  "script,iframe,frame,object,embed,applet,form,input,button,select,textarea,meta,link,base,template,svg,math,dialog,audio,video,source,portal,[is],[srcdoc],[autofocus],[contenteditable],[popover],[ping],[srcset],[formaction],[background]";

/** What may be looked at in the browser (the server sniffs it before it says so). */
const SHOWN = /^(image\/(png|jpeg|gif|webp|avif)|application\/pdf|audio\/|video\/|text\/plain)/;

/** Runs in the page: goes to one mail without loading anything anew, waits for its text, looks round. */
async function openAndLook([id, isHtml, forbidden]) {
  const frameOf = () => document.querySelector("iframe.body-frame");
  const first = () => frameOf()?.contentDocument?.documentElement?.lastElementChild?.firstChild;
  const old = first();
  const heading = document.querySelector(".reader h1")?.textContent;
  history.pushState(null, "", `/mail/inbox/${id}`);
  dispatchEvent(new PopStateEvent("popstate"));
  const shown = () => {
    if (!document.querySelector(".reader .card-body")) return false;
    return isHtml ? first() && first() !== old : document.querySelector(".reader h1")?.textContent !== heading;
  };
  const begun = performance.now();
  while (!shown() && performance.now() - begun < 15_000) await new Promise((resolve) => setTimeout(resolve, 4));
  const late = !shown() && isHtml && !document.querySelector(".no-text");
  await new Promise((resolve) => setTimeout(resolve, 15));

  const signs = [];
  if (late) signs.push("not shown");
  if (window.name === "xss") signs.push("window name");
  if (document.title === "xss") signs.push("title");
  if (localStorage.xss) signs.push("storage");
  if (document.cookie) signs.push("cookie");
  if (location.pathname !== `/mail/inbox/${id}`) signs.push(`went to ${location.href}`);
  if (!window.corpusRuns) signs.push("page was loaded anew");
  if (document.querySelector(".zz, [data-zz]")) signs.push("nodes outside the frame");
  if (document.querySelectorAll("body > *").length !== window.corpusRuns.bodies) signs.push("more in the page's body");
  const doc = isHtml ? frameOf()?.contentDocument : undefined;
  if (doc) {
    const all = Document.prototype.querySelectorAll;
    const found = [...all.call(doc, forbidden)].filter(
      (node) => node.closest("body") === doc.documentElement.lastElementChild,
    );
    if (found.length) signs.push(`in the frame: ${[...new Set(found.map((n) => n.localName))].join(" ")}`);
    for (const node of all.call(doc, "*")) {
      for (const { name, value } of node.attributes) {
        if (/^on/i.test(name)) signs.push(`in the frame: ${name}`);
        if (
          /^(href|src|action|data|poster|cite|xlink:href)$/i.test(name) &&
          !/^(https?:|mailto:|tel:|blob:|#|data:image\/gif;base64,R0lGODlhAQAB)/i.test(value)
        ) {
          if (value && name !== "cite") signs.push(`in the frame: ${name}=${value.slice(0, 40)}`);
        }
        // A place kept for a picture that is left out shows one clear pixel of ours.
        if (name === "src" && !/^(blob:|data:image\/gif;base64,R0lGODlhAQAB)/.test(value))
          signs.push(`source ${value.slice(0, 60)}`);
      }
    }
    const sheets = [...all.call(doc, "style")].map((node) => node.textContent).join("\n");
    const inline = [...all.call(doc, "[style]")].map((node) => node.getAttribute("style")).join("\n");
    if (/url\(|@import|@font-face|expression\(/i.test(sheets + inline)) signs.push("a style that loads");
    if (/position:\s*(fixed|sticky)/i.test(sheets + inline)) signs.push("a style that covers");
  }
  return signs;
}

export default function security(stage) {
  let context, page, watch, canary, cases;

  before(async () => {
    const { house } = stage;
    cases = corpus().filter((c) => new RegExp(process.env.CASES ?? "").test(`row ${c.row}, ${c.name}`));
    const smtp = await house.smtp();
    for (const c of cases) await smtp.send("corpus@attacker.example", "user001@example.com", c.message);
    await smtp.quit();
    const browser = await stage.browser();
    canary = browser.canary;
    context = await browser.context();
    page = await context.newPage();
    watch = new Watch(page, house.url);
    await new Mail(page, house.url).signIn();
    // Numbers of the mails by their case: the newest in the folder.
    const ids = await page.evaluate(async (count) => {
      const { session } = await (await fetch("/auth/session")).json();
      const accountId = Object.values(session.primaryAccounts)[0];
      const call = async (...methodCalls) => {
        const using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"];
        const headers = { "Content-Type": "application/json" };
        const body = JSON.stringify({ using, methodCalls });
        return (await (await fetch(session.apiUrl, { method: "POST", headers, body })).json()).methodResponses;
      };
      const found = [];
      for (let position = 0; position < count; position += 250) {
        const sort = [{ property: "receivedAt", isAscending: false }];
        const answers = await call(
          ["Email/query", { accountId, sort, position, limit: 250 }, "q"],
          [
            "Email/get",
            {
              accountId,
              "#ids": { resultOf: "q", name: "Email/query", path: "/ids" },
              properties: ["id", "header:X-Corpus:asText", "attachments"],
            },
            "g",
          ],
        );
        for (const email of answers[1][1].list) {
          found.push([
            Number(email["header:X-Corpus:asText"]),
            email.id,
            email.attachments.map((a) => [a.blobId, a.type, a.name]),
          ]);
        }
      }
      return { accountId, found };
    }, cases.length + 100);
    const byNumber = new Map(ids.found.map(([number, id, files]) => [number, { id, files }]));
    for (const c of cases) Object.assign(c, { email: byNumber.get(c.id), accountId: ids.accountId });
    // The composer is fetched when the browser is idle, and hangs its place into the page.
    await page.locator("#composers").waitFor({ state: "attached" });
    await page.evaluate(() => {
      window.corpusRuns = { bodies: document.querySelectorAll("body > *").length };
    });
    watch.requests.length = 0;
    watch.loads = 0;
  });
  after(() => context?.close());

  test("every message of the corpus came through", () => {
    assert.deepEqual(
      cases.filter((c) => !c.email).map((c) => c.name),
      [],
    );
  });

  test("nothing runs, nothing leaves, nothing is touched", async (t) => {
    const failures = [];
    const begun = Date.now();
    for (const c of cases) {
      const asked = canary.asked.length;
      const shown = await page
        .evaluate(openAndLook, [c.email.id, c.html !== undefined, FORBIDDEN])
        .catch((e) => [String(e).slice(0, 300)]);
      const foreign = watch.requests.splice(0).filter((url) => !OWN.test(url));
      const signs = [
        ...new Set(shown),
        ...foreign.filter((url) => !watch.blocked.includes(url)).map((url) => `asked for ${url.slice(0, 80)}`),
        ...canary.asked.slice(asked),
        ...watch.dialogs.splice(0).map((text) => `dialog ${text}`),
        ...watch.windows.splice(0).map((url) => `window ${url}`),
        ...watch.errors.splice(0).map((error) => `threw ${error.slice(0, 200)}`),
      ];
      if (signs.length) failures.push(`${c.id}, row ${c.row}, ${c.name}: ${signs.join("; ")}`);
    }
    t.diagnostic(
      `${cases.length} messages in ${Date.now() - begun} ms, ${new Set(watch.blocked).size} requests stopped by the frame's policy`,
    );
    assert.deepEqual(failures, []);
    assert.equal(watch.loads, 0, "the page was loaded anew");
  });

  test("attachments are handed over, never opened as pages", async (t) => {
    const enclosed = cases
      .flatMap((c) => c.email.files.map(([blobId, type, name]) => ({ c, blobId, type, name })))
      .filter((f, i, all) => all.findIndex((g) => g.blobId === f.blobId && g.name === f.name) === i);
    const failures = [];
    const tab = await context.newPage();
    const seen = new Watch(tab, stage.house.url);
    const asked = enclosed.flatMap(({ c, blobId, type, name }) =>
      ["", "&inline=1"].map((inline) => ({
        what: `${c.id}, ${c.name}${inline}`,
        inline,
        url: `/jmap/download/${c.accountId}/${blobId}/${encodeURIComponent(name || "x")}?accept=${encodeURIComponent(type)}${inline}`,
      })),
    );
    const fetchAll = async (urls) => {
      const one = async (url) => {
        const response = await fetch(url);
        await response.arrayBuffer();
        return { status: response.status, head: Object.fromEntries(response.headers) };
      };
      const answers = [];
      while (urls.length) answers.push(...(await Promise.all(urls.splice(0, 24).map(one))));
      return answers;
    };
    const answers = await page.evaluate(
      fetchAll,
      asked.map(({ url }) => url),
    );
    for (const [i, { what, inline, url }] of asked.entries()) {
      const { head, status } = answers[i];
      const signs = [];
      const shown = status === 200 && !/^attachment/.test(head["content-disposition"] ?? "");
      if (status === 200) {
        if (head["x-content-type-options"] !== "nosniff") signs.push("may be sniffed");
        if (!/sandbox/.test(head["content-security-policy"] ?? "")) signs.push("no sandbox");
        if (shown && !inline) signs.push("shown without being asked");
        if (shown && !SHOWN.test(head["content-type"])) signs.push(`shown as ${head["content-type"]}`);
      } else if (status >= 500) signs.push(`answered ${status}`);
      const before = canary.asked.length;
      if (shown) await tab.goto(stage.house.url + url, { waitUntil: "load", timeout: 30_000 }).catch(() => {});
      signs.push(...canary.asked.slice(before), ...seen.dialogs.splice(0));
      if (signs.length) failures.push(`${what}: ${signs.join("; ")}`);
    }
    assert.equal(await page.evaluate(() => localStorage.xss), undefined);
    await tab.close();
    t.diagnostic(`${enclosed.length} files`);
    assert.deepEqual(failures, []);
  });

  test("the preview shows files without letting them act", async () => {
    const failures = [];
    for (const c of cases.filter((one) => one.files && one.row === 10)) {
      const asked = canary.asked.length;
      const signs = await page.evaluate(openAndLook, [c.email.id, false, FORBIDDEN]);
      const file = page.locator(".attachment-open").first();
      if (await file.count()) {
        await file.click({ timeout: 30_000 }).catch((e) => signs.push(String(e).split("\n")[0]));
        // A PDF is read in a worker: it has had its chance when it is drawn, or cannot be.
        if (c.name.includes("application/pdf"))
          await page
            .locator("dialog :is(.pdf-page[data-drawn], .preview-none:not([data-loading]))")
            .first()
            .waitFor()
            .catch((e) => signs.push(String(e).split("\n")[0]));
        await page.waitForTimeout(60);
        signs.push(
          ...(await page.evaluate(() =>
            [
              window.name === "xss" && "name",
              localStorage.xss && "storage",
              document.querySelector("dialog .zz") && "nodes",
            ].filter(Boolean),
          )),
        );
        await page.keyboard.press("Escape");
      }
      signs.push(...canary.asked.slice(asked), ...watch.dialogs.splice(0));
      if (signs.length) failures.push(`${c.id}, ${c.name}: ${signs.join("; ")}`);
    }
    assert.deepEqual(failures, []);
  });

  test("the policies are the ones that were meant", async () => {
    const policy = async (where) => (await fetch(stage.house.url + where)).headers.get("content-security-policy");
    const app = await policy("/");
    assert.doesNotMatch(app, /unsafe-|\*/);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "require-trusted-types-for 'script'",
    ]) {
      assert.ok(app.includes(part), `${part} in ${app}`);
    }
    for (const file of ["strict", "remote"]) {
      const frame = await policy(`/frame/${file}.html`);
      assert.match(frame, /sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox(;|$)/);
      assert.match(frame, /default-src 'none'/);
      assert.doesNotMatch(frame, /allow-scripts|allow-forms|script-src|unsafe-eval|connect-src/);
    }
    assert.match(await policy("/frame/strict.html"), /img-src (blob: data:|data: blob:)(;|$)/);
  });
}
