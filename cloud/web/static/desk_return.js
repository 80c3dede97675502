// Takes the desk's answer out of the address, asks for the form token, and posts both.

const words = document.getElementById("words");
const fragment = new URLSearchParams(location.hash.slice(1));
history.replaceState(null, "", location.pathname);

async function post(answer) {
  const session = await fetch("/desk-return/session", { headers: { Accept: "application/json" } });
  if (!session.ok) {
    words.textContent = words.dataset.signedOut;
    return;
  }
  const form = document.getElementById("signed");
  form.elements.form_token.value = (await session.json()).form_token;
  form.elements.answer.value = answer;
  form.submit();
}

function keep() {
  // The signature is nowhere else yet: loading the page again hands it over.
  history.replaceState(null, "", `${location.pathname}#${fragment}`);
  words.textContent = words.dataset.unanswered;
}

if (fragment.has("answer")) await post(fragment.get("answer")).catch(keep);
else if (fragment.has("cancelled")) words.textContent = words.dataset.cancelled;
else words.textContent = words.dataset.nothing;
