// The set-up page on a server of its own: nothing in its home folder before, gone for good behind it.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { PHONE } from "../lib/browser.mjs";
import { House } from "../lib/house.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SECRET = "garden lamp river seven";

/** No violation, and nothing wider than the window. */
async function inspect(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/setup-${name}.png` });
  assert.equal(await page.evaluate(() => document.querySelector(".setup").scrollWidth), page.viewportSize().width);
  const violations = await page.evaluate(`${AXE}; axe.run().then((found) => found.violations.map((one) => one.id))`);
  assert.deepEqual(violations, [], name);
}

export default function setup(stage) {
  test("set-up: from nothing to a first account, then gone", async () => {
    const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), "tamanoir-setup-")));
    const browser = await stage.browser();
    const contexts = [];
    const open = async (options) => {
      const context = await browser.context({ ...options, bypassCSP: true });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      return page;
    };
    try {
      // No name server: every look outwards must end by itself.
      await house.start({ dns_servers: "127.0.0.1:9", setup_time_servers: "127.0.0.1:9" });
      await stage.until("the address is printed", () => /token=/.test(house.output));
      const token = /token=([\w-]+)/.exec(house.output)[1];
      const page = await open({ viewport: { width: 1280, height: 900 } });
      await page.goto(`${house.url}/setup?token=wrong`);
      await page.getByText("not the one that the server printed").waitFor();
      await inspect(page, "entry");
      await page.goto(`${house.url}/setup?token=${token}`);
      await page.locator(".finding").first().waitFor();
      assert.ok(!page.url().includes("token"), "the secret does not stay in the address bar");
      await inspect(page, "check");

      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByLabel("Domain").fill("example.net");
      assert.equal(await page.getByLabel(/^Host name/).inputValue(), "mail.example.net");
      await inspect(page, "names");
      await page.getByRole("button", { name: "Save names" }).click();

      await page.getByLabel("Address").fill("ann");
      await page.locator("#password").fill("short");
      await page.locator(".strength.refused").waitFor();
      await page.locator("#password").fill(SECRET);
      await page.locator(".strength.strong").waitFor();
      await inspect(page, "account");
      await page.getByRole("button", { name: "Make account" }).click();
      await page.getByText("lies in INBOX").waitFor();

      const phone = await open({ ...PHONE, colorScheme: "dark", locale: "fr" });
      await phone.goto(`${house.url}/setup?token=${token}`);
      await phone.locator(".record").first().waitFor();
      await inspect(phone, "dns-phone");

      await page.getByRole("button", { name: "Continue" }).click();
      await page.locator(".record[data-kind=mx]").waitFor();
      assert.ok((await page.locator(".record[data-kind=mx]").textContent()).includes("10 mail.example.net."));
      await inspect(page, "dns");
      await page.getByRole("button", { name: "Finish" }).click();
      await page.getByText("Your mail server is ready").waitFor();
      await inspect(page, "done");

      await phone.getByRole("button", { name: "Vérifier de nouveau" }).click();
      await phone.getByText("Ce serveur est installé").waitFor();
      const gone = async () => {
        for (const address of ["/setup", "/setup.html", `/setup?token=${token}`, "/setup/api/state"]) {
          const answer = await fetch(house.url + address, { headers: { "X-Setup-Token": token } });
          assert.equal(answer.status, 404, address);
        }
      };
      await gone();
      const mainCf = fs.readFileSync(path.join(house.home, "main.cf"), "utf8");
      assert.match(mainCf, /^myhostname = mail\.example\.net$/m);
      assert.ok(!fs.readFileSync(path.join(house.home, "log"), "utf8").includes(token), "no log has the secret");
      await house.stop();
      await house.start();
      assert.ok(!/token=/.test(house.output), "no new address");
      await gone();
      const signedIn = await fetch(`${house.url}/auth/sign-in`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ name: "ann@example.net", password: SECRET }),
      });
      assert.equal(signedIn.status, 200);
    } finally {
      for (const context of contexts) await context.close();
      await house.close();
    }
  });
}
