import { useEffect } from "preact/hooks";
import { openComposer, preloadComposer } from "../compose/intent";
import { t } from "../i18n";
import { busy, online } from "../jmap/client";
import { enter } from "../keys";
import { ListPane } from "../list/ListPane";
import { contextMenu } from "../list/menus";
import { openId } from "../list/selection";
import { Reader } from "../reader/Reader";
import { address, go, route } from "../router";
import { announcement, start, startFailure } from "../store/live";
import { mailboxes } from "../store/mailboxes";
import { jmap, signInState } from "../store/session";
import { change, settings } from "../store/settings";
import { layout, onePane, phone } from "../theme";
import { Button } from "../ui/Button";
import { Dialog, Dialogs } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Floating, MenuList } from "../ui/Menu";
import { ToastBar } from "../ui/Toast";
import { registerCommands } from "./commands";
import { covered } from "./covered";
import { Lazy } from "./Lazy";
import { Resizer } from "./Resizer";
import { drawerOpen, Sidebar } from "./Sidebar";
import { SignInForm, SignInPage } from "./SignIn";
import { focusSearch, TopBar } from "./TopBar";

export function App() {
  const state = signInState.value;
  if (state === "unknown") return null;
  if (state === "out") return <SignInPage />;
  return (
    <>
      <Main />
      {state === "expired" && <Expired />}
    </>
  );
}

/** The session ended while the page was open: the password is asked for again, nothing on the page is lost. */
function Expired() {
  return (
    <Dialog title={t("expired.title")} persistent onClose={() => {}}>
      <p class="expired-text">{t("expired.text")}</p>
      <SignInForm name={jmap().session.username} />
    </Dialog>
  );
}

function Main() {
  useEffect(() => {
    const leave = registerCommands();
    mailtoInAddress();
    const idle = setTimeout(() => void preloadComposer().catch(() => undefined), 3000);
    return () => {
      leave();
      clearTimeout(idle);
    };
  }, []);
  const at = route.value;
  const mail = at.at === "mail" || at.at === "search";
  const failure = startFailure.value;
  return (
    <>
      <a class="skip" href="#main" inert={covered.value}>
        {t("skip")}
      </a>
      <div class={`busy-line${busy.value > 0 ? " on" : ""}`} aria-hidden="true" />
      <div
        class={`shell ${phone.value ? "phone" : ""}`}
        style={{ "--sidebar": `${settings.value.sidebarWidth}px` }}
        inert={covered.value}
      >
        <Sidebar />
        {drawerOpen.value && <div class="drawer-scrim" onClick={() => (drawerOpen.value = false)} />}
        <div class="work" inert={drawerOpen.value}>
          {!online.value && (
            <div class="offline" role="status">
              <Icon name="cloud-off" size={16} />
              <span>{t("offline")}</span>
            </div>
          )}
          {failure && mailboxes.value.size === 0 ? (
            <main class="page" id="main">
              <div class="empty">
                <h1>{t("start.failed")}</h1>
                <p>{failure.message}</p>
                <Button kind="primary" onClick={() => void start()}>
                  {t("retry")}
                </Button>
              </div>
            </main>
          ) : mail ? (
            <Mail />
          ) : (
            <Lazy page={at.at} rest={at.rest} />
          )}
        </div>
      </div>
      {phone.value && <BottomBar />}
      <div class="sr" aria-live="polite">
        {announcement.value}
      </div>
      <ContextMenu />
      <ToastBar />
      <Dialogs />
    </>
  );
}

function Mail() {
  // The commands of the list also hold while only the reader is shown.
  useEffect(() => enter("list"), []);
  const shape = layout.value;
  const opened = openId.value !== undefined;
  const listShown = shape !== "none" || !opened;
  const readerShown = shape !== "none" || opened;
  return (
    <>
      {!(onePane.value && opened) && <TopBar />}
      <main
        id="main"
        class={`panes ${shape}`}
        style={{ "--list": `${settings.value.listWidth}px`, "--list-height": `${settings.value.listHeight}px` }}
      >
        {listShown && <ListPane />}
        {shape === "right" && (
          <Resizer
            label={t("resize.list")}
            value={settings.value.listWidth}
            min={320}
            max={640}
            onChange={(listWidth) => change({ listWidth })}
          />
        )}
        {shape === "below" && (
          <Resizer
            label={t("resize.list")}
            vertical
            value={settings.value.listHeight}
            min={160}
            max={Math.max(240, innerHeight - 260)}
            onChange={(listHeight) => change({ listHeight })}
          />
        )}
        {readerShown && <Reader />}
      </main>
    </>
  );
}

function BottomBar() {
  const at = route.value;
  const inMail = at.at === "mail" || at.at === "search";
  if (inMail && openId.value) return null;
  const item = (icon: string, label: string, active: boolean, run: () => void) => (
    <button
      type="button"
      class={active ? "bottom-item active" : "bottom-item"}
      aria-current={active ? "page" : undefined}
      onClick={run}
    >
      <Icon name={icon} size={22} />
      <span>{label}</span>
    </button>
  );
  return (
    <nav class="bottom-bar" aria-label={t("nav.main")} inert={drawerOpen.value || covered.value}>
      {item("mail", t("app.mail"), at.at === "mail", () => go({ at: "mail", mailbox: "inbox" }))}
      {item("search", t("search"), at.at === "search", () => {
        if (!inMail) go({ at: "mail", mailbox: "inbox" });
        setTimeout(focusSearch);
      })}
      <button
        type="button"
        class="bottom-compose"
        aria-label={t("compose")}
        onClick={() => void openComposer({ kind: "new" })}
      >
        <Icon name="square-pen" size={24} />
      </button>
      {item("book-user", t("app.contacts"), at.at === "contacts", () => go("/contacts"))}
      {item("menu", t("more"), false, () => (drawerOpen.value = true))}
    </nav>
  );
}

function ContextMenu() {
  const menu = contextMenu.value;
  if (!menu) return null;
  const close = () => {
    contextMenu.value = undefined;
  };
  return (
    <Floating
      key={`${menu.x} ${menu.y} ${menu.items.length}`}
      anchor={() => new DOMRect(menu.x, menu.y, 0, 0)}
      onClose={() => contextMenu.peek() === menu && close()}
      label={t("keys.menu")}
    >
      <MenuList items={menu.items} close={close} />
    </Floating>
  );
}

/** /compose?mailto=...: what a link in a mail, or the browser's mailto handler, comes to. */
function mailtoInAddress(): void {
  const url = new URL(address.peek(), location.origin);
  if (url.pathname !== "/compose") return;
  const mailto = url.searchParams.get("mailto") ?? "mailto:";
  go({ at: "mail", mailbox: "inbox" }, true);
  void openComposer({ kind: "mailto", url: mailto });
}
