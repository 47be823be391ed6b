// Notes typed live: Enter saves a note and the box is free at once. What could not be saved stays in
// sight and is tried again. Nothing is kept in the browser. Without this, the form is sent as it is.

const form = document.getElementById("note-form");
const AGAIN = 3000; // milliseconds until what failed is tried again
const SHOWN_AFTER = 500; // a note that is saved sooner is not listed as waiting
const PATIENCE = 20000;

if (form) {
  const { text: box, dots, seen } = form.elements;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const state = document.getElementById("note-state");
  const waiting = document.getElementById("waiting");
  const signIn = waiting.querySelector("a");
  const list = document.getElementById("notes");
  const lines = waiting.insertBefore(document.createElement("ul"), waiting.querySelector("p"));
  const queue = []; // notes not saved yet, in the order in which they were typed
  let busy = false;
  let timer;

  const kind = () => kinds.find((radio) => radio.checked);
  const isDots = () => kind()?.value === "dots";
  const dotsRow = form.querySelector(".dots");

  function say(sentence) {
    state.textContent = sentence;
  }

  function showDots() {
    dotsRow.hidden = !isDots();
  }

  function begin() {
    (isDots() && !dots.value ? dots : box).focus();
  }

  function choose(radio) {
    radio.checked = true;
    showDots();
    begin();
    say(`Kind: ${radio.dataset.label}.`);
  }

  // What somebody can mend at once is said before the note leaves the box.
  function trouble() {
    if (!box.value.trim()) return [box, "Write something before you save the note."];
    if (isDots() && !/^\d+$/.test(dots.value)) return [dots, "Give the number of dots or votes."];
    return null;
  }

  function add() {
    const wrong = trouble();
    if (wrong) {
      say(wrong[1]);
      wrong[0].focus();
      return;
    }
    queue.push({
      text: box.value,
      kind: kind().value,
      label: kind().dataset.label,
      dots: isDots() ? dots.value : "",
      tried: null, // the newest note on the page when it was first sent
      sentence: "",
      refused: false,
    });
    box.value = dots.value = "";
    begin();
    setTimeout(draw, SHOWN_AFTER);
    send();
  }

  async function send() {
    const note = queue.find((one) => !one.refused);
    if (busy || !note) return;
    busy = true;
    clearTimeout(timer);
    if (await attempt(note)) {
      busy = false;
      send();
    } else {
      busy = false;
      timer = setTimeout(send, AGAIN);
    }
    draw();
  }

  // True when there is an answer about this note: saved, or refused with a reason.
  async function attempt(note) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const name of ["text", "kind", "dots"]) body.set(name, note[name]);
    body.set("shown", seen.value);
    if (note.tried !== null) body.set("seen", note.tried); // it may be there already
    note.tried ??= seen.value;
    try {
      const answer = await ask({ method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
        return await notTaken(note, answer);
      }
      const reply = await answer.json();
      signIn.hidden = true;
      answer.ok ? saved(note, reply) : refused(note, reply.sentence);
      return true;
    } catch {
      note.sentence = "the connection is down";
      say("Not saved yet: the connection is down. It is tried again.");
      return false;
    }
  }

  function ask(options) {
    return fetch(form.action, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  }

  function saved(note, reply) {
    queue.splice(queue.indexOf(note), 1);
    seen.value = reply.newest;
    list.insertAdjacentHTML("afterbegin", reply.rows.join(""));
    document.getElementById("notes-count").textContent = reply.count;
    const left = queue.length ? ` ${queue.length} not saved yet.` : "";
    say(`Note ${reply.number} saved.${left}`);
  }

  function refused(note, sentence) {
    note.refused = true;
    note.sentence = sentence;
    say(`Not saved: ${sentence}`);
    if (!box.value) putBack(note);
  }

  // An answer that is no answer: signed out, a form too old, or a fault. A fresh page tells.
  async function notTaken(note, answer) {
    const page = new DOMParser().parseFromString(await (await ask({})).text(), "text/html");
    const fresh = page.querySelector("#note-form [name=csrfmiddlewaretoken]");
    signIn.hidden = Boolean(fresh) || !page.getElementById("login-form");
    if (fresh) form.elements.csrfmiddlewaretoken.value = fresh.value;
    note.sentence = signIn.hidden ? `the portal answered ${answer.status}` : "you are signed out";
    say(`Not saved yet: ${note.sentence}. It is tried again.`);
    return false;
  }

  function putBack(note) {
    queue.splice(queue.indexOf(note), 1);
    kinds.find((radio) => radio.value === note.kind).checked = true;
    showDots();
    dots.value = note.dots;
    box.value = note.text;
    box.focus();
    draw();
  }

  function draw() {
    lines.replaceChildren(...queue.map(line));
    waiting.hidden = !queue.length;
  }

  function line(note) {
    const item = document.createElement("li");
    const words = document.createElement("p");
    words.className = "words";
    words.textContent = note.text;
    const number = note.dots && ` ${note.dots}`;
    item.append(`${note.label}${number}: ${note.sentence || "being saved"}`, words);
    if (note.refused) {
      const back = document.createElement("button");
      back.type = "button";
      back.className = "button";
      back.textContent = "Put it in the box";
      back.onclick = () => (box.value ? say("Save what is in the box first.") : putBack(note));
      item.append(back);
    }
    return item;
  }

  for (const radio of kinds) {
    radio.dataset.label = radio.parentElement.textContent.replace(/Alt\+\d/, "").trim();
    radio.addEventListener("change", showDots);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) add();
  });
  dots.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || box.value) return;
    event.preventDefault();
    box.focus();
  });
  document.addEventListener("keydown", (event) => {
    const number = /^Digit([1-4])$/.exec(event.code);
    if (!number || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(kinds[number[1] - 1]);
  });
  waiting.querySelector("p button").addEventListener("click", send);
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
  document.getElementById("note-help").hidden = false;
  for (const hint of form.querySelectorAll("kbd")) hint.hidden = false;
  showDots();
}
