// Says beside each date that is typed which day it is, with its month as a word: a browser writes
// 03/02/2026 in the order of its own country, whatever the language of the page is.

const german = document.documentElement.lang === "de";
const format = new Intl.DateTimeFormat(german ? "de-DE" : "en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

function said(input) {
  if (!input.value) return "";
  const [day, time] = input.value.split("T");
  const words = format.format(new Date(`${day}T00:00Z`));
  const written = german ? words : words.replaceAll(",", "");
  return time ? `${written}, ${time.slice(0, 5)}` : written;
}

function speakUp(input, number) {
  const beside = document.createElement("span");
  beside.className = "day-said";
  beside.id = `day-said-${number}`;
  // The label alone is the input's name; the day describes it.
  beside.setAttribute("aria-hidden", "true");
  input.after(beside);
  const described = input.getAttribute("aria-describedby");
  input.setAttribute("aria-describedby", described ? `${described} ${beside.id}` : beside.id);
  const show = () => {
    beside.textContent = said(input);
  };
  input.addEventListener("input", show);
  show();
}

for (const [number, input] of document.querySelectorAll("input[type^=date]").entries()) {
  speakUp(input, number);
}
