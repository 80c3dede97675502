// The two passkey ceremonies of somebody close: coming in by a code, and signing in again.

const form = document.getElementById("ceremony");
const code = document.getElementById("code");
const problem = document.getElementById("problem");
const button = form.querySelector("button");

// An invitation's link has the code behind the #: no server sees it, and it leaves the address.
if (code && location.hash.length > 1) {
  code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

async function ask(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error(form.dataset.busy);
  });
  if (answer.status >= 500) throw new Error(form.dataset.busy);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function perform(options) {
  if (code) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const made = await navigator.credentials.create({ publicKey });
    return { code: code.value, credential: made.toJSON() };
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  button.disabled = true;
  try {
    const options = await ask(form.dataset.options, code ? { code: code.value } : {});
    const { next } = await ask(form.dataset.answer, await perform(options));
    location.assign(next);
  } catch (error) {
    const cancelled = error.name === "NotAllowedError";
    problem.textContent = cancelled ? form.dataset.cancelled : error.message;
    problem.hidden = false;
    button.disabled = false;
  }
});
