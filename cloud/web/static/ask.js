// Asks the server in JSON. What goes wrong is an Error whose message is fit to be shown: the
// server's own words, or those of the page where no server answers; its status is the answer's.

export async function ask(url, body = {}) {
  const asked = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(url, asked).catch(() => {
    throw new Error(document.body.dataset.unanswered);
  });
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status });
  return answer.json();
}
