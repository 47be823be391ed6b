// Reads the page with the browser's own voice when somebody presses the button, never by itself.
const voice = window.speechSynthesis;
const place = document.querySelector("[data-read-aloud]");
const words = place.dataset;
const parts = "h1, h2, h3, h4, p, li, dt, dd, label, legend, caption, th, td, .govuk-hint";

function button(action) {
  const made = document.createElement("button");
  made.type = "button";
  made.addEventListener("click", action);
  place.append(made);
  return made;
}

function stop() {
  voice.resume();
  voice.cancel();
  listen.textContent = words.listen;
  pause.hidden = true;
}

function start() {
  stop();
  for (const part of document.getElementById(words.readAloud).querySelectorAll(parts)) {
    if (!part.checkVisibility() || part.parentElement.closest(parts)) continue;
    const said = new SpeechSynthesisUtterance(part.innerText);
    said.lang = part.closest("[lang]").lang;
    said.onend = said.onerror = () => voice.pending || stop();
    voice.speak(said);
  }
  listen.textContent = words.stop;
  pause.textContent = words.pause;
  pause.hidden = false;
}

let listen, pause;
if (voice) {
  listen = button(() => (pause.hidden ? start() : stop()));
  pause = button(() => {
    pause.textContent = voice.paused ? words.pause : words.goOn;
    voice[voice.paused ? "resume" : "pause"]();
  });
  stop();
  addEventListener("pagehide", stop);
}
