// Asks the control surface and says what it refused. Not for showing anything.

const problem = document.getElementById("problem");

export async function ask(path, method = "GET", body = undefined) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    return complain("The emulator doesn't answer. It may have ended.");
  }
  const said = await answer.json();
  if (!answer.ok) return complain(said.error);
  problem.hidden = true;
  return said;
}

function complain(sentence) {
  problem.textContent = sentence;
  problem.hidden = false;
  return null;
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const words = (name) => name.toLowerCase().replaceAll("_", " ");

export const sentence = (name) => {
  const said = words(name);
  return said[0].toUpperCase() + said.slice(1);
};
