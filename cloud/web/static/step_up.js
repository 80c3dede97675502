// A form with data-act is sent only once the passkey has answered for it, as it stands. Where the
// sign-in has ended by then, what was typed is kept as that of any other form: kept.js.

import { ask } from "./ask.js";
import { lose } from "./kept.js";

const problem = document.getElementById("problem");

function asked(form) {
  // A form's lines end as they are sent.
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const path = new URL(form.action).pathname;
  const sent = fields.map(([name, value]) => [name, value.replace(/\r\n?|\n/g, "\r\n")]);
  return { act: form.dataset.act, path, fields: sent.filter(([name]) => name !== "form_token") };
}

async function answer(form) {
  const subject = asked(form);
  const options = await ask("/passkeys/step-up/options", subject);
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
  });
  await ask("/passkeys/step-up", { ...subject, credential: credential.toJSON() });
  form.submit();
}

function signedOut(words) {
  lose();
  const { wayIn, signIn, kept } = document.body.dataset;
  const link = Object.assign(document.createElement("a"), { href: wayIn, textContent: signIn });
  problem.replaceChildren(`${words} ${kept} `, link);
}

// At the document: a search may have put the form there after the page came.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-act]")) return;
  event.preventDefault();
  if (problem) problem.hidden = true;
  answer(event.target).catch((error) => {
    const cancelled = error.name === "NotAllowedError";
    if (!problem) return;
    if (error.status === 401) signedOut(error.message);
    else problem.textContent = cancelled ? problem.dataset.cancelled : error.message;
    problem.hidden = false;
    problem.scrollIntoView({ block: "center" });
  });
});
