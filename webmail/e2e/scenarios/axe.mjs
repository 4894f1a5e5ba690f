// axe-core on every screen, light and dark, desktop and phone; and the whole program from right to left.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { DESKTOP, PHONE } from "../lib/browser.mjs";
import { furnish, tour } from "../lib/screens.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The rules of WCAG 2.2 A and AA and axe's own best practices; the frames of mails are foreign and left out. */
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  // Through the debugger, because the page's own policy lets no foreign script in.
  await session.send("Runtime.evaluate", { expression: `window.axe || (${JSON.stringify(AXE)}, 0)` });
  const { result } = await session.send("Runtime.evaluate", { expression: "typeof window.axe" });
  if (result.value !== "object") await session.send("Runtime.evaluate", { expression: AXE });
  await session.detach();
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(
      { exclude: [["iframe.body-frame"]] },
      {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
      },
    );
    return violations.map(
      (v) =>
        `${v.id}: ${v.nodes
          .slice(0, 3)
          .map((n) => `${n.target.join(" ")} (${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ""})`)
          .join("; ")}`,
    );
  });
}

export default function axe(stage) {
  before(() => furnish(stage.house));

  test("what is looked for is found: a button without a name, words too pale", () =>
    stage.mail(async (m) => {
      await m.page.evaluate(() => {
        const button = document.body.appendChild(document.createElement("button"));
        button.append(document.createElement("i"));
        const pale = document.querySelector("main").appendChild(document.createElement("p"));
        pale.textContent = "pale";
        pale.setAttribute("class", "pale-for-axe");
        Object.assign(pale.style, { position: "fixed", inset: "0", zIndex: "99", color: "#ccc", background: "#fff" });
      });
      const found = (await violations(m.page)).map((one) => one.split(":")[0]);
      assert.ok(found.includes("button-name"), `${found}`);
      assert.ok(found.includes("color-contrast"), `${found}`);
    }, DESKTOP));

  for (const [form, device] of [
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ]) {
    test(`no violation on any screen, light and dark: ${form}`, { timeout: 240_000 }, (t) =>
      stage.mail(
        async (m, watch) => {
          const found = [];
          let screens = 0;
          const failures = await tour(m, form, async (screen) => {
            screens++;
            for (const colorScheme of ["light", "dark"]) {
              await m.page.emulateMedia({ colorScheme });
              await m.page.locator(`html[data-theme=${colorScheme}]`).waitFor({ state: "attached" });
              for (const one of await violations(m.page)) found.push(`${screen.name}, ${colorScheme}: ${one}`);
            }
            await m.page.emulateMedia({ colorScheme: "light" });
          });
          // Two screens show errors on purpose.
          watch.errors.length = 0;
          t.diagnostic(`${screens} screens`);
          assert.deepEqual([...failures, ...found], []);
        },
        { ...device, colorScheme: "light", reducedMotion: "reduce" },
      ),
    );
  }

  test("from right to left nothing sticks out and the panes are mirrored", { timeout: 90_000 }, () =>
    stage.mail(async (m) => {
      await m.setting({ language: "ar-XB" });
      await m.page.reload();
      await m.row(0).waitFor();
      assert.equal(await m.page.locator("html").getAttribute("dir"), "rtl");
      const sidebar = await m.page.locator(".sidebar").boundingBox();
      const list = await m.page.locator(".list-pane").boundingBox();
      assert.ok(sidebar.x > list.x, "the side bar is on the right");
      for (const path of ["/mail/inbox", "/contacts", "/settings/appearance", "/search?q=budget"]) {
        await m.page.goto(stage.house.url + path);
        await m.page.waitForTimeout(500);
        assert.ok(
          await m.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          `${path} is too wide`,
        );
      }
      await m.page.goto(`${stage.house.url}/mail/inbox`);
      await m.row(0).waitFor();
      await m.setting({ language: "" });
    }),
  );
}
