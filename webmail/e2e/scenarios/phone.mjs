// The same code at 390 × 844 under a thumb, and the narrowest width that must still work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "../lib/browser.mjs";
import { letter, OTHER } from "../lib/house.mjs";

export default function phone(stage) {
  const unique = (word) => `${word} ${Math.random().toString(36).slice(2, 8)}`;
  const fits = (m) => m.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

  test("list, mail and back, one pane at a time", () =>
    stage.mail(async (m) => {
      const subject = unique("Thumb");
      await stage.house.deliver(letter({ subject, text: "On the way." }));
      const row = m.rowOf(subject).first();
      await row.waitFor();
      await row.tap();
      await m.reader.getByText("On the way.").waitFor();
      assert.equal(await m.page.locator(".list-pane").isVisible(), false);
      assert.ok((await fits(m)) <= 0);
      await m.page.goBack();
      await row.waitFor();
    }, PHONE));

  test("folders slide in, search and writing are a tap away", () =>
    stage.mail(async (m) => {
      await m.button("Open the folders").first().tap();
      await m.page.locator(".folder").filter({ hasText: "Archive" }).first().tap();
      await m.row(0).waitFor();
      assert.match(m.page.url(), /archive/i);
      await m.page.getByRole("button", { name: "New mail" }).last().tap();
      const sheet = m.page.locator("section.compose");
      await sheet.waitFor();
      const box = await sheet.boundingBox();
      assert.ok(box.width >= 389 && box.height > 700, JSON.stringify(box));
      await sheet.getByRole("combobox", { name: "To" }).fill(OTHER);
      await m.press("Enter");
      await sheet.getByLabel("Subject").fill(unique("From a phone"));
      await sheet.getByRole("textbox", { name: "Text of the mail" }).tap();
      await m.page.keyboard.type("Short.");
      await sheet.getByRole("button", { name: "Send", exact: true }).tap();
      await sheet.waitFor({ state: "detached" });
    }, PHONE));

  test("everything that can be touched is large enough", () =>
    stage.mail(async (m) => {
      // WCAG 2.5.8: 24 px, or so far apart that circles of 24 px round the small ones touch no other target.
      const small = await m.page.evaluate(() => {
        const targets = [...document.querySelectorAll("button, a[href], [role=checkbox], input, select")]
          .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
          .map((node) => ({ node, box: node.getBoundingClientRect() }))
          .filter(
            ({ box }) =>
              box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
          );
        const apart = (one, other) => {
          const x = one.left + one.width / 2;
          const y = one.top + one.height / 2;
          const dx = Math.max(other.left - x, 0, x - other.right);
          const dy = Math.max(other.top - y, 0, y - other.bottom);
          return Math.hypot(dx, dy) >= 12;
        };
        return targets
          .filter(({ box }) => Math.min(box.width, box.height) < 24)
          .filter(({ node, box }) => targets.some((other) => other.node !== node && !apart(box, other.box)))
          .map(({ node, box }) => `${node.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`);
      });
      assert.deepEqual(small, []);
    }, PHONE));

  test("at 320 px nothing has to be scrolled sideways", () =>
    stage.mail(
      async (m) => {
        for (const where of [
          "/mail/inbox",
          "/contacts",
          "/settings",
          "/settings/appearance",
          "/settings/account",
          "/settings/keyboard",
          "/search?q=budget",
        ]) {
          await m.page.goto(stage.house.url + where);
          await m.page.waitForTimeout(400);
          assert.ok((await fits(m)) <= 0, `${where} is ${await fits(m)} px too wide`);
        }
        await m.page.goto(`${stage.house.url}/mail/inbox`);
        await m.row(1).tap();
        await m.reader.locator(".card").first().waitFor();
        assert.ok((await fits(m)) <= 0);
      },
      { ...PHONE, viewport: { width: 320, height: 640 } },
    ));
}
