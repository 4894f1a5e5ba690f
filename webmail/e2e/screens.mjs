// Pictures of every screen for docs/screens: node e2e/screens.mjs [FOLDER] [NAME ...]
import fs from "node:fs";
import path from "node:path";
import { DESKTOP, PHONE } from "./lib/browser.mjs";
import { ROOT } from "./lib/house.mjs";
import { smaller } from "./lib/png.mjs";
import { furnish, tour } from "./lib/screens.mjs";
import { Stage } from "./lib/stage.mjs";
import { violations } from "./scenarios/axe.mjs";

const folder = path.resolve(process.argv[2] ?? path.join(ROOT, "docs/screens"));
const names = process.argv.slice(3);
fs.mkdirSync(folder, { recursive: true });
const stage = new Stage();
stage.messages = Number(process.env.MESSAGES ?? 2000);
let problems = 0;
try {
  await stage.open();
  await furnish(stage.house);
  for (const [form, device] of [
    ["desktop", { ...DESKTOP, viewport: { width: 1280, height: 800 } }],
    ["phone", { ...PHONE, deviceScaleFactor: 1 }],
  ]) {
    for (const colorScheme of ["light", "dark"]) {
      const failures = await stage.mail(
        async (m, watch) => {
          const failures = await tour(
            m,
            form,
            async (screen) => {
              const file = path.join(folder, `${screen.name}-${form}-${colorScheme}.png`);
              if (process.env.AXE) for (const found of await violations(m.page)) console.log(`${file}: ${found}`);
              fs.writeFileSync(file, smaller(await m.page.screenshot({ animations: "disabled", caret: "hide" })));
            },
            (screen) => names.length === 0 || names.includes(screen.name),
          );
          // Two screens show errors on purpose.
          watch.errors.length = 0;
          return failures;
        },
        { ...device, colorScheme, reducedMotion: "reduce" },
      );
      for (const failure of failures) console.error(`${form}, ${colorScheme}: ${failure}`);
      problems += failures.length;
    }
  }
} finally {
  await stage.close();
}
process.exitCode = problems ? 1 : 0;
