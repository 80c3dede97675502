// A form with data-act is sent only once the passkey has answered for it, as it stands.

import { ask } from "./ask.js";

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

// At the document: a search may have put the form there after the page came.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-act]")) return;
  event.preventDefault();
  if (problem) problem.hidden = true;
  answer(event.target).catch((error) => {
    const cancelled = error.name === "NotAllowedError";
    if (!problem) return;
    problem.textContent = cancelled ? problem.dataset.cancelled : error.message;
    problem.hidden = false;
  });
});
