// Roundcube 1.6 with its elastic skin. Each step ends when its content is on the screen; ctx.start() sets the clock to zero
// when the preparations are done.
const rows = (page) => page.locator("#messagelist tbody tr.message");
const idle = (page) => page.waitForFunction(() => window.rcmail && !rcmail.busy && document.readyState === "complete");
const listed = (page) =>
  page.waitForFunction(() => window.rcmail && !rcmail.busy && document.querySelector("#messagelist tbody tr.message"));

export default {
  async loginPage({ page, url }) {
    await page.goto(url);
    await page.locator("#rcmloginuser").waitFor();
  },
  async login(ctx) {
    const { page } = ctx;
    await page.fill("#rcmloginuser", ctx.user);
    await page.fill("#rcmloginpwd", ctx.password);
    ctx.start();
    await page.keyboard.press("Enter");
    await listed(page);
    return { rows: await rows(page).count() };
  },
  async reload({ page, url }) {
    await page.goto(`${url}?_task=mail&_mbox=INBOX`, { waitUntil: "commit" });
    await listed(page);
  },
  async open(ctx, i) {
    const { page } = ctx;
    const row = rows(page).nth(i % 40);
    await row.scrollIntoViewIfNeeded();
    const uid = await row.evaluate((node) => String(rcmail.html_identifier_decode(node.id.replace(/^rcmrow/, ""))));
    const box = await row.locator("td.subject").boundingBox();
    ctx.start();
    await page.mouse.click(box.x + 60, box.y + 20);
    await page.waitForFunction((wanted) => {
      const inner = document.querySelector("#messagecontframe")?.contentWindow;
      const shown = inner?.rcmail && String(inner.rcmail.env.uid) === wanted && inner.document.readyState === "complete";
      return shown && inner.document.querySelector("#messagebody")?.innerText.length > 10;
    }, uid);
  },
  async jump({ page }) {
    const before = await rows(page).first().getAttribute("id");
    await page.evaluate(() => rcmail.list_page(Math.floor(rcmail.env.pagecount / 2)));
    await page.waitForFunction((id) => {
      const first = document.querySelector("#messagelist tbody tr.message");
      return !rcmail.busy && first && first.id !== id;
    }, before);
  },
  async search({ page }, word, scope) {
    await page.evaluate(
      ([text, mods]) => {
        rcmail.env.search_mods = { "*": mods };
        document.querySelector("#mailsearchform").value = text;
        for (const box of document.querySelectorAll('input[name="s_mods[]"]')) box.checked = Boolean(mods[box.value]);
        window.found = false;
        rcmail.addEventListener("responseaftersearch", () => {
          window.found = true;
        });
        rcmail.command("search");
      },
      [word, scope === "text" ? { text: 1 } : { subject: 1 }],
    );
    await page.waitForFunction(() => window.found && !rcmail.busy);
    return { rows: await rows(page).count() };
  },
  async clearSearch({ page }) {
    const answered = page.waitForResponse(/_action=list/);
    await page.evaluate(() => rcmail.command("reset-search"));
    await answered;
    await listed(page);
  },
  async compose({ page, url }) {
    await page.goto(`${url}?_task=mail&_action=compose`, { waitUntil: "commit" });
    await page.locator("#composebody").waitFor();
    await idle(page);
  },
  async send(ctx) {
    const { page } = ctx;
    await page.evaluate((to) => {
      document.querySelector("#_to").value = to;
      document.querySelector("#compose-subject").value = "Hello from the bench";
      document.querySelector("#composebody").value = "A short text.";
    }, ctx.to);
    ctx.start();
    await page.evaluate(() => rcmail.command("send", ""));
    await page.waitForURL((address) => !String(address).includes("_action=compose"));
    await listed(page);
  },
  async contacts({ page, url }) {
    await page.goto(`${url}?_task=addressbook`, { waitUntil: "commit" });
    await page.locator("#directorylist").waitFor();
    await idle(page);
  },
  async settings({ page, url }) {
    await page.goto(`${url}?_task=settings`, { waitUntil: "commit" });
    await page.locator("#settings-menu, #sections-table").first().waitFor();
    await idle(page);
  },
};
