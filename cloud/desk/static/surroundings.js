// Whether this page stands alone and in a browser that can sign; else the desk stays shut.

import { Refusal } from "./refusal.js";

export function requireSafeSurroundings() {
  if (window.top !== window.self) {
    throw new Refusal("The desk was put inside another page. It signs only on its own, in a window of its own.");
  }
  if (window.opener !== null) {
    throw new Refusal("Another page opened this window and could still reach it. Open the desk by a plain link.");
  }
  if (!window.isSecureContext) {
    throw new Refusal("This connection is not protected (no HTTPS). Passkeys do not work here.");
  }
  if (!window.PublicKeyCredential) {
    throw new Refusal("This browser has no passkeys. Use a current one.");
  }
}
