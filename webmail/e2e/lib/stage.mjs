// What the scenarios share: one server with its mailbox, one Chromium, and the person at it.
import { Browser, DESKTOP, Watch } from "./browser.mjs";
import { House } from "./house.mjs";
import { Mail } from "./mail.mjs";

export class Stage {
  messages = Number(process.env.MESSAGES ?? 10_000);
  #browser;

  async open() {
    const started = Date.now();
    this.house = await House.filled(this.messages);
    console.log(`# server with ${this.messages} messages after ${Date.now() - started} ms: ${this.house.url}`);
  }

  async browser() {
    this.#browser ??= await Browser.open();
    return this.#browser;
  }

  /** A page of an empty browser; it is closed after `work`, and it must not have thrown. */
  async page(work, options = DESKTOP) {
    const browser = await this.browser();
    const context = await browser.context(options);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const watch = new Watch(page, this.house.url);
    try {
      const answer = await work(page, watch);
      if (watch.errors.length) throw new Error(`the page threw: ${watch.errors.join("\n")}`);
      return answer;
    } catch (error) {
      if (process.env.SHOTS)
        await page.screenshot({ path: `${process.env.SHOTS}/failed-${Date.now()}.png` }).catch(() => {});
      throw error;
    } finally {
      await context.close();
    }
  }

  /** The same, signed in and at the list. */
  mail(work, options) {
    return this.page(async (page, watch) => {
      const mail = new Mail(page, this.house.url);
      await mail.signIn();
      return work(mail, watch);
    }, options);
  }

  /** Waits for what another process does. */
  async until(what, holds, limit = 30_000) {
    for (const deadline = Date.now() + limit; ; ) {
      if (await holds()) return;
      if (Date.now() > deadline) throw new Error(`not within ${limit} ms: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async close() {
    await this.#browser?.close();
    await this.house?.close();
  }
}
