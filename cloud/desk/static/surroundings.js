// Whether this page stands alone and in a browser that can sign; else the desk stays shut.

import { t } from "./language.js";
import { Refusal } from "./refusal.js";

export function requireSafeSurroundings(view = window) {
  if (view.top !== view.self) {
    throw new Refusal(t("The desk was put inside another page. It signs only on its own, in a window of its own."));
  }
  if (view.opener !== null) {
    throw new Refusal(t("Another page opened this window and could still reach it. Open the desk by a plain link."));
  }
  if (!view.isSecureContext) {
    throw new Refusal(t("This connection is not protected (no HTTPS). Passkeys do not work here."));
  }
  if (!view.PublicKeyCredential) {
    throw new Refusal(t("This browser has no passkeys. Use a current one."));
  }
}
