import { render } from "preact";
import "../src/theme/tokens.css";
import "../src/theme/base.css";
import "../src/ui/ui.css";

function Setup() {
  return <main />;
}

const root = document.getElementById("app");
if (root) render(<Setup />, root);
