/* Ctrl and Enter save from inside a box, where Enter alone begins a new line. The page works without. */
"use strict";

document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  const saves = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (saves && form && form.classList.contains("entry")) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[type=submit]"));
  }
});
