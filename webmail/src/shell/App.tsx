import { route } from "../router";
import { signInState } from "../store/session";
import { Dialogs } from "../ui/Dialog";
import { ToastBar } from "../ui/Toast";
import { Lazy } from "./Lazy";
import { SignInPage } from "./SignIn";

export function App() {
  const state = signInState.value;
  if (state === "unknown") return null;
  if (state === "out") return <SignInPage />;
  const at = route.value;
  return (
    <>
      <div class="shell">
        {at.at === "contacts" || at.at === "settings" ? <Lazy page={at.at} rest={at.rest} /> : <main class="page" />}
      </div>
      <Dialogs />
      <ToastBar />
    </>
  );
}
