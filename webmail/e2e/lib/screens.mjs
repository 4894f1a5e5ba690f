// Every screen of the webmail and how one gets there; for axe, for pictures, for the right-to-left look.
import { letter } from "./house.mjs";
import { pdf } from "./pdf.mjs";

const NEWSLETTER = "The Anteater’s Gazette";

/** Mails that the screens show, delivered once. */
export async function furnish(house) {
  const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  const first = "<screens-1@elsewhere.example>";
  const smtp = await house.smtp();
  const send = (message) => smtp.send("someone@elsewhere.example", "user001@example.com", message);
  await send(
    letter({
      subject: "The garden house",
      id: first,
      text: "Shall we paint it green or leave the wood as it is?\r\n\r\nI could come on Saturday and bring the brushes.",
    }),
  );
  await send(
    letter({
      subject: "Re: The garden house",
      from: '"Priya Patel" <priya@elsewhere.example>',
      references: first,
      text: "Green, please.\r\n\r\n> Shall we paint it green or leave the wood as it is?",
    }),
  );
  await send(
    letter({
      subject: `${long}: Rechnung`,
      from: `"${long}" <rechnung@elsewhere.example>`,
      text: `${long} ${long}\r\n\r\nMit freundlichen Grüßen`,
    }),
  );
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const part = (type, name, body) =>
    `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`;
  await send(
    `From: "Grace Walker" <grace@elsewhere.example>\r\nTo: user001@example.com\r\nDate: ${new Date().toUTCString().replace("GMT", "+0000")}\r\nSubject: Plans and pictures\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nEverything we spoke about.\r\n${part("image/png", "Grundriss.png", png)}${part("text/plain", "Zuständigkeitsänderungsmitteilung, dritte Fassung.txt", Buffer.from("Paragraph one.\n").toString("base64"))}${part("application/pdf", "contract.pdf", pdf("Contract for the garden house"))}--b--\r\n`,
  );
  await send(
    letter({
      subject: "A newsletter with pictures",
      from: '"Garden Weekly" <news@letters.example>',
      headers:
        "List-Id: Garden Weekly <garden.letters.example>\r\nList-Unsubscribe: <https://letters.example/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
      html: '<body style="margin:0;background:#f4f1ea"><table width="600" align="center" cellspacing="0" style="background:#fff"><tr><td style="background:#7a4a1e;color:#fff;padding:16px;font:24px Georgia">Garden Weekly</td></tr><tr><td style="padding:16px;font:15px/1.5 Arial"><img src="https://pictures.example/roses.jpg" width="560" height="160" alt="Roses"><p>Roses in November, and what the frost leaves of them. See <a href="https://attacker.example/">www.example.com</a>.</p></td></tr></table></body>',
    }),
  );
  await smtp.quit();
}

const settle = (m, ms = 350) => m.page.waitForTimeout(ms);
const at = (path) => async (m) => {
  await m.page.goto(m.url + path);
  await settle(m, 700);
};
const inbox = async (m) => {
  await m.page.goto(`${m.url}/mail/inbox`);
  await m.row(0).waitFor();
  await settle(m);
};
const opened = (subject) => async (m) => {
  await inbox(m);
  await m.open(m.rowOf(subject).first());
  await settle(m, 700);
};
const composer = async (m) => {
  await inbox(m);
  await m.page.getByRole("button", { name: "New mail" }).last().click();
  await m.page.locator("section.compose").waitFor();
  await settle(m);
};
const sectionOf = (id) => at(`/settings/${id}`);

/** `only` names the form factor a screen exists on; `settings` are chosen before and taken back afterwards. */
export const SCREENS = [
  { name: "list", go: inbox },
  { name: "list-compact", only: "desktop", settings: { density: "compact" }, go: inbox },
  { name: "list-roomy", settings: { density: "roomy" }, go: inbox },
  { name: "list-table", only: "desktop", settings: { layout: "none", density: "table" }, go: inbox },
  { name: "list-below", only: "desktop", settings: { layout: "below" }, go: opened("The garden house") },
  {
    name: "list-selected",
    go: async (m) => {
      await inbox(m);
      await m.row(1).locator(".row-check").click();
      await m.row(2).locator(".row-check").click();
      await settle(m);
    },
  },
  { name: "folder-empty", go: at("/mail/drafts") },
  {
    name: "folders",
    only: "phone",
    go: async (m) => {
      await inbox(m);
      await m.button("Open the folders").first().click();
      await settle(m);
    },
  },
  { name: "mail-conversation", go: opened("The garden house") },
  { name: "mail-html", go: opened("A newsletter with pictures") },
  { name: "mail-long-words", go: opened("Rechnung") },
  { name: "mail-attachments", go: opened("Plans and pictures") },
  {
    name: "attachment-preview",
    go: async (m) => {
      await opened("Plans and pictures")(m);
      await m.page.locator(".attachment-open").nth(1).click();
      await settle(m, 600);
    },
  },
  {
    name: "attachment-pdf",
    go: async (m) => {
      await opened("Plans and pictures")(m);
      await m.page.locator(".attachment-open").nth(2).click();
      await m.page.locator(".pdf-page[data-drawn]").waitFor();
    },
  },
  {
    name: "mail-details",
    go: async (m) => {
      await opened("The garden house")(m);
      await m.page.locator(".card-to").last().click();
      await settle(m);
    },
  },
  {
    name: "menu",
    only: "desktop",
    go: async (m) => {
      await inbox(m);
      await m.row(1).click({ button: "right" });
      await settle(m);
    },
  },
  {
    name: "move",
    go: async (m) => {
      await opened("The garden house")(m);
      await m.leaveField();
      await m.press("v");
      await settle(m);
    },
  },
  {
    name: "snooze",
    go: async (m) => {
      await opened("The garden house")(m);
      await m.leaveField();
      await m.press("b");
      await settle(m);
    },
  },
  { name: "search", go: at("/search?q=budget") },
  { name: "search-nothing", go: at("/search?q=zzzzzz%20from%3Anobody") },
  { name: "composer", go: composer },
  {
    name: "composer-full",
    go: async (m) => {
      await opened("The garden house")(m);
      await m.leaveField();
      await m.press("r");
      await m.page.locator("section.compose").waitFor();
      await m.page.keyboard.type("Saturday suits me well. I bring the ladder.");
      await settle(m, 700);
    },
    // An unfinished mail would be asked about on every later screen.
    leave: async (m) => {
      await m.page.getByRole("button", { name: /^Discard draft/ }).click();
      await settle(m);
    },
  },
  {
    name: "send-later",
    go: async (m) => {
      await composer(m);
      await m.page.getByRole("button", { name: "More ways to send" }).click();
      await m.item("Send later…").click();
      await settle(m);
    },
  },
  {
    name: "contacts",
    go: async (m) => {
      await at("/contacts")(m);
      const row = m.page.locator(".contact-row").first();
      if (await row.count()) await row.click();
      await settle(m);
    },
  },
  {
    name: "contact-form",
    go: async (m) => {
      await at("/contacts")(m);
      await m.button("New").click();
      await m.item("New contact").click();
      await settle(m);
    },
  },
  { name: "settings-appearance", go: sectionOf("appearance") },
  { name: "settings-reading", go: sectionOf("reading") },
  { name: "settings-writing", go: sectionOf("writing") },
  { name: "settings-identities", go: sectionOf("identities") },
  { name: "settings-templates", go: sectionOf("templates") },
  { name: "settings-labels", go: sectionOf("labels") },
  { name: "settings-folders", go: sectionOf("folders") },
  { name: "settings-searches", go: sectionOf("searches") },
  { name: "settings-keyboard", go: sectionOf("keyboard") },
  { name: "settings-account", go: sectionOf("account") },
  {
    name: "help",
    only: "desktop",
    go: async (m) => {
      await inbox(m);
      await m.leaveField();
      await m.press("?");
      await settle(m);
    },
  },
  {
    name: "undo",
    go: async (m) => {
      await inbox(m);
      await m.rowOf(NEWSLETTER).first().waitFor();
      await m.leaveField();
      await m.press("Home");
      await m.press("s");
      await m.press("s");
      await settle(m);
    },
  },
  {
    name: "offline",
    go: async (m) => {
      await inbox(m);
      await m.page.context().setOffline(true);
      await m.page.getByText("No connection.").first().waitFor();
      await settle(m);
    },
    leave: (m) => m.page.context().setOffline(false),
  },
  {
    name: "loading",
    go: async (m) => {
      await m.page.route("**/jmap/api", () => new Promise(() => {}));
      await m.page.goto(`${m.url}/mail/inbox`);
      await settle(m, 900);
    },
    leave: (m) => m.page.unroute("**/jmap/api"),
  },
  {
    name: "error",
    go: async (m) => {
      await m.page.route("**/jmap/api", (route) =>
        route.fulfill({ status: 500, contentType: "application/json", body: '{"detail":"The store is full."}' }),
      );
      await m.page.goto(`${m.url}/mail/inbox`);
      await settle(m, 900);
    },
    leave: (m) => m.page.unroute("**/jmap/api"),
  },
  {
    name: "signed-out",
    go: async (m) => {
      await inbox(m);
      await m.page.context().clearCookies();
      await m.row(3).click();
      await m.page.getByText("Please sign in again").waitFor();
      await settle(m);
    },
    leave: async (m) => {
      await m.page.getByRole("dialog").locator("input[name=password]").fill("secret");
      await m.press("Enter");
      await m.page.getByText("Please sign in again").waitFor({ state: "detached" });
    },
  },
  {
    name: "sign-in-wrong",
    signedOut: true,
    go: async (m) => {
      await m.page.goto(m.url);
      await m.page.locator("input[name=name]").fill("user001@example.com");
      await m.page.locator("input[name=password]").fill("wrong");
      await m.press("Enter");
      await m.page.getByRole("alert").filter({ hasText: "together" }).waitFor();
    },
  },
  {
    name: "sign-in",
    signedOut: true,
    go: async (m) => {
      await m.page.goto(m.url);
      await m.page.locator("input[name=name]").waitFor();
      await settle(m);
    },
  },
];

/** Goes through the screens of one form factor; `look` is called at each. A screen that cannot be reached is a failure. */
export async function tour(m, form, look, wanted = () => true) {
  const failures = [];
  for (const screen of SCREENS.filter((s) => (!s.only || s.only === form) && wanted(s))) {
    try {
      if (screen.settings) await m.setting(screen.settings);
      if (screen.signedOut) await m.page.context().clearCookies();
      await screen.go(m);
      await look(screen);
    } catch (error) {
      failures.push(`${screen.name}: ${String(error).split("\n")[0]}`);
      if (process.env.SHOTS)
        await m.page.screenshot({ path: `${process.env.SHOTS}/screen-${screen.name}.png` }).catch(() => {});
    }
    try {
      await screen.leave?.(m);
      if (screen.settings) {
        await m.page.goto(`${m.url}/mail/inbox`);
        await m.setting({ density: "normal", layout: "right" });
      }
    } catch (error) {
      failures.push(`leaving ${screen.name}: ${String(error).split("\n")[0]}`);
    }
  }
  return failures;
}
