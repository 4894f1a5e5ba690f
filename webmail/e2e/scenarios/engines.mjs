// The reading frame in Firefox ESR and Debian's WebKit: hostile bodies without the cleaner, and the webmail itself showing
// HTML mail as tall as it is (WebKit runs no listener of ours inside a frame without scripts).
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Canary } from "../lib/canary.mjs";
import { Firefox, missing, WebKit } from "../lib/engines.mjs";
import { letter } from "../lib/house.mjs";
import { OPEN_BODY, portions, throughFrames } from "../security/frame.mjs";

const WAIT = `async (holds) => { for (let i = 0; i < 400; i++) { if (holds()) return true; await new Promise(r => setTimeout(r, 25)); } return false; }`;

export default function engines(stage) {
  before(async () => {
    const html = `<p>Tall mail</p>${"<p>line</p>".repeat(40)}<img src="http://c.example/picture"><script>top.name='xss'</script>`;
    await stage.house.deliver(letter({ subject: "Tall in every engine", html }));
  });

  for (const [name, engine] of Object.entries({ firefox: Firefox, webkit: WebKit })) {
    test(`the reading frame in ${name}`, { timeout: 180_000 }, async (t) => {
      const absent = missing(name);
      if (absent) assert.fail(`${name} is not there: ${absent}`);
      const canary = await Canary.open();
      const browser = await engine.open(canary);
      try {
        await browser.goto(`${stage.house.secureUrl}/`);
        const signed = await browser.evaluate(`(async () => {
          const answer = await fetch("/auth/sign-in", { method: "POST", headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ name: "user001@example.com", password: "secret" }) });
          return answer.status;
        })()`);
        assert.equal(signed, 200);
        await browser.goto(`${stage.house.secureUrl}/mail/inbox`);
        const listed = `[...document.querySelectorAll(".row[data-id]")].find(row => row.textContent.includes("Tall in every engine"))`;
        assert.ok(await browser.evaluate(`(${WAIT})(() => ${listed})`), "the list is shown");
        await browser.evaluate(`(${listed}).click()`);
        const frame = `document.querySelector("iframe.body-frame")`;
        const tall = `(${frame}?.getBoundingClientRect().height ?? 0) > 600`;
        assert.ok(await browser.evaluate(`(${WAIT})(() => ${tall})`), "the frame is as tall as its mail");
        assert.match(await browser.evaluate(`${frame}.contentDocument.body.innerText`), /Tall mail/);
        assert.notEqual(await browser.evaluate("window.name"), "xss");
        assert.deepEqual(canary.asked, []);

        // A page without script of its own in which frames can be filled: the server's icon would do, a text page is better.
        await browser.goto(`${stage.house.secureUrl}/frame/none`);
        const noticed = [];
        for (const portion of portions(20))
          noticed.push(...(await browser.evaluate(throughFrames("/frame/strict.html", portion))));
        t.diagnostic(`${browser.name}: ${portions(1).length} bodies without a cleaner`);
        assert.deepEqual(noticed, []);
        assert.deepEqual(canary.asked, []);
        assert.ok(OPEN_BODY.includes("<script>"));
      } finally {
        await browser.close();
        canary.close();
      }
    });
  }
}
