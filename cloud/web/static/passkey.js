// The two passkey ceremonies of signing in; the server's JSON goes to the browser and back. Their
// buttons can be pressed once somebody listens: not before this is loaded.

import { ask } from "./ask.js";

const problem = document.getElementById("problem");

async function ceremony(button, perform) {
  problem.hidden = true;
  button.disabled = true;
  try {
    const credential = await perform(await ask(button.dataset.options));
    const { next } = await ask(button.dataset.answer, credential.toJSON());
    location.assign(next);
  } catch (error) {
    const cancelled = error.name === "NotAllowedError";
    problem.textContent = cancelled ? problem.dataset.cancelled : error.message;
    problem.hidden = false;
    button.disabled = false;
  }
}

const signIn = document.getElementById("sign-in");
signIn?.addEventListener("click", () =>
  ceremony(signIn, (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    }),
  ),
);

const register = document.getElementById("register");
register?.addEventListener("click", () =>
  ceremony(register, (options) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    }),
  ),
);

for (const button of [signIn, register]) {
  if (button) button.disabled = false;
}
