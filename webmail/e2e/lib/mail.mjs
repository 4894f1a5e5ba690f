// The webmail as a person uses it: what can be seen and pressed, in one place, so that scenarios read like instructions.
import { PASSWORD, USER } from "./house.mjs";

export class Mail {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  async signIn(user = USER, password = PASSWORD, where = "/") {
    await this.page.goto(this.url + where);
    await this.page.locator("input[name=name]").fill(user);
    await this.page.locator("input[name=password]").fill(password);
    await this.page.keyboard.press("Enter");
    await this.row(0).waitFor();
  }

  // ---- the list ------------------------------------------------------------------------------------------------------

  /** A row by its place in the whole list, only there when in sight. */
  row(index) {
    return this.page.locator(`.row[data-index="${index}"][data-id]`);
  }

  /** Rows whose spoken sentence has this text. */
  rowOf(text) {
    return this.page.locator(".row[data-id]").filter({ hasText: text });
  }

  /** How many mails or conversations the folder or search has. */
  async total() {
    return Number(await this.page.getByRole("grid").getAttribute("aria-rowcount"));
  }

  scrollTo(share) {
    return this.page.locator(".list-scroll").evaluate((box, at) => {
      box.scrollTop = at * (box.scrollHeight - box.clientHeight);
    }, share);
  }

  async folder(name) {
    if (!(await this.page.locator(".sidebar").isVisible())) await this.button("Open the folders").first().click();
    await this.page.locator(".folder").filter({ hasText: name }).first().click();
  }

  async search(query) {
    await this.page.keyboard.press("/");
    await this.page.keyboard.type(query);
    await this.page.keyboard.press("Enter");
    await this.page.waitForURL(/\/search/);
  }

  // ---- the reader ----------------------------------------------------------------------------------------------------

  async open(row) {
    await row.click();
    await this.reader.locator(".card").first().waitFor();
  }

  get reader() {
    return this.page.locator(".reader");
  }

  get subject() {
    return this.reader.getByRole("heading").first();
  }

  /** The text of the open mail, wherever it stands: plain in the page, HTML in its frame. */
  get frame() {
    return this.page.frameLocator("iframe.body-frame").last();
  }

  // ---- everywhere ----------------------------------------------------------------------------------------------------

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  item(name) {
    return this.page.getByRole("menuitem", { name }).or(this.page.getByRole("menuitemcheckbox", { name }));
  }

  /** What the bar at the bottom says, with its undo. */
  get toast() {
    return this.page.locator(".toast");
  }

  /** Changes settings as the settings page would, and waits until the page has heard of it. */
  async setting(values) {
    await this.jmap("Settings/set", { update: { singleton: values } }, "urn:tamanoir:jmap:settings");
    await this.page.reload();
    await this.row(0).waitFor();
  }

  /** One JMAP method as the signed-in person. */
  jmap(method, args, ...using) {
    return this.page.evaluate(
      async ([name, given, capabilities]) => {
        const { session } = await (await fetch("/auth/session")).json();
        const accountId = Object.values(session.primaryAccounts)[0];
        const response = await fetch(session.apiUrl, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({
            using: ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", ...capabilities],
            methodCalls: [[name, { accountId, ...given }, "c"]],
          }),
        });
        const [[answer, value]] = (await response.json()).methodResponses;
        if (answer === "error") throw new Error(`${name}: ${JSON.stringify(value)}`);
        return value;
      },
      [method, args, using],
    );
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  /** The focus leaves whatever text field it is in. */
  async leaveField() {
    await this.page.evaluate(() => document.activeElement?.blur());
  }
}
