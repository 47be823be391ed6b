/* Keys for the inbox: each presses a button or follows a link that is on the page. The page works
   without. They can be turned off, and do nothing while somebody types in a field. */
"use strict";

const STORED = "workbench-keys";
const box = document.getElementById("keys-on");
const isOn = () => localStorage.getItem(STORED) !== "off";

function show() {
  if (box) {
    box.disabled = false;
    box.checked = isOn();
  }
  for (const one of document.querySelectorAll("kbd[hidden], kbd[data-hint]")) {
    one.dataset.hint = "";
    one.hidden = !isOn();
  }
}

function isTyping(element) {
  const writes = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])";
  return element.matches(writes);
}

const stops = () => {
  const ideas = [...document.querySelectorAll("[data-idea]")];
  return ideas.length ? ideas : [...document.querySelectorAll("#result_list th a")];
};

/* The idea that somebody is at: where the focus is, else what the address names, else the first
   that is to be decided. */
function here() {
  const at = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  return (
    document.activeElement.closest("[data-idea]") ||
    (at && at.closest("[data-idea]")) ||
    document.querySelector("[data-idea].open") ||
    document.querySelector("[data-idea]")
  );
}

function move(step) {
  const all = stops();
  const now = all.indexOf(document.activeElement.closest("[data-idea]") || document.activeElement);
  const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

function press(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const idea = here();
  const own = idea && idea.querySelector(wanted);
  const found = own || [...document.querySelectorAll(wanted)].find((one) => !one.closest("[data-idea]"));
  if (!found) return false;
  if (found.matches("input")) found.focus();
  else found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (!isOn() || event.defaultPrevented || isTyping(event.target)) return;
  const keys = document.getElementById("keys");
  let done = true;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?" && keys) {
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  } else if (event.key === "/" && document.getElementById("searchbar")) {
    document.getElementById("searchbar").focus();
  } else done = event.key.length === 1 && press(event.key);
  if (done) event.preventDefault();
});

if (box) {
  box.addEventListener("change", () => {
    localStorage.setItem(STORED, box.checked ? "on" : "off");
    show();
  });
}
show();
if (location.hash.startsWith("#idea-")) {
  const idea = document.getElementById(location.hash.slice(1));
  if (idea) idea.focus();
}
