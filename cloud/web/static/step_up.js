// A form with data-act is sent only once the passkey has answered for it, as it stands.

const problem = document.getElementById("problem");

async function ask(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

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

for (const form of document.querySelectorAll("form[data-act]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (problem) problem.hidden = true;
    answer(form).catch((error) => {
      const cancelled = error.name === "NotAllowedError";
      if (!problem) return;
      problem.textContent = cancelled ? problem.dataset.cancelled : error.message;
      problem.hidden = false;
    });
  });
}
