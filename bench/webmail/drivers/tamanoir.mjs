// Tamanoir's webmail. Each step ends when its content is on the screen; ctx.start() sets the clock to zero when the
// preparations are done.
const row = (page, index) => page.locator(`.row[data-index="${index}"][data-id]`);
const go = (page, path) =>
  page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
const leaveField = (page) => page.evaluate(() => document.activeElement?.blur());

export default {
  async loginPage({ page, url }) {
    await page.goto(url);
    await page.locator("input[name=name]").waitFor();
  },
  async login(ctx) {
    const { page } = ctx;
    await page.fill("input[name=name]", ctx.user);
    await page.fill("input[name=password]", ctx.password);
    ctx.start();
    await page.keyboard.press("Enter");
    await row(page, 0).waitFor();
    return { rows: await page.locator(".row[data-id]").count() };
  },
  async reload({ page, url }) {
    await page.goto(`${url}mail/inbox`, { waitUntil: "commit" });
    await row(page, 0).waitFor();
  },
  async open(ctx, i) {
    const { page } = ctx;
    const target = row(page, i % 40);
    await page.locator(".list-scroll").evaluate((box, index) => {
      const tall = document.querySelector(".row").getBoundingClientRect().height;
      box.scrollTop = Math.max(0, (index - 3) * tall);
    }, i % 40);
    await target.waitFor();
    const id = await target.getAttribute("data-id");
    const box = await target.boundingBox();
    ctx.start();
    await page.mouse.click(box.x + 120, box.y + box.height / 2);
    await page.waitForFunction((wanted) => {
      if (!location.pathname.endsWith(wanted)) return false;
      const body = [...document.querySelectorAll(".reader .card-body")].at(-1);
      if (!body) return false;
      const frame = body.querySelector("iframe.body-frame");
      return frame ? frame.contentDocument?.body?.innerText.length > 10 : body.innerText.length > 10;
    }, id);
  },
  async jump({ page }) {
    const middle = await page.locator(".list-scroll").evaluate((box) => {
      box.scrollTop = (box.scrollHeight - box.clientHeight) / 2;
      return Math.round(Number(document.querySelector("[role=grid]").getAttribute("aria-rowcount")) / 2);
    });
    await row(page, middle).waitFor();
  },
  async search(ctx, word, scope) {
    const { page } = ctx;
    await leaveField(page);
    await page.keyboard.press("/");
    await page.keyboard.insertText(scope === "subject" ? `subject:${word}` : word);
    ctx.start();
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (wanted) =>
        decodeURIComponent(location.search).includes(wanted) &&
        document.querySelector(".list-pane h1")?.textContent.startsWith("Search") &&
        document.querySelector('.row[data-index="0"][data-id], .list-pane .empty'),
      word,
    );
    return { rows: await page.locator(".row[data-id]").count() };
  },
  async clearSearch({ page }) {
    await go(page, "/mail/inbox");
    await page.waitForFunction(() => document.querySelector(".list-pane h1")?.textContent.startsWith("Inbox"));
    await row(page, 0).waitFor();
  },
  async archive(ctx) {
    const { page } = ctx;
    await row(page, 1).click();
    await page.locator(".reader .card-body").first().waitFor();
    const id = await row(page, 1).getAttribute("data-id");
    await leaveField(page);
    ctx.start();
    await page.keyboard.press("e");
    await page.waitForFunction((gone) => !document.querySelector(`.row[data-id="${gone}"]`), id);
  },
  async compose({ page }) {
    await leaveField(page);
    await page.keyboard.press("c");
    await page.locator("section.compose .compose-subject").waitFor();
  },
  async send(ctx) {
    const { page } = ctx;
    const sheet = page.locator("section.compose");
    await sheet.getByRole("combobox", { name: "To" }).fill(ctx.to);
    await page.keyboard.press("Enter");
    await sheet.locator(".compose-subject").fill("Hello from the bench");
    await sheet.getByRole("textbox", { name: "Text of the mail" }).click();
    await page.keyboard.insertText("A short text.");
    ctx.start();
    await sheet.getByRole("button", { name: "Send", exact: true }).click();
    await sheet.waitFor({ state: "detached" });
  },
  async contacts({ page }) {
    await go(page, "/contacts");
    await page.locator(".contacts-list").waitFor();
    await page.waitForFunction(() => !document.querySelector(".contacts-waiting"));
  },
  async settings({ page }) {
    await go(page, "/settings");
    await page.locator(".settings-content").waitFor();
  },
};
