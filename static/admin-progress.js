// Keeps the progress of an analysis fresh. Without it, "Look again" does the same.

const part = document.getElementById("progress");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!fresh || !fresh.dataset.underWay) {
      location.reload();
      return;
    }
    // Not under somebody who is about to press a button in it.
    if (fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
      part.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // The line is down for a moment: look again later.
  }
  setTimeout(look, 2000);
}

if (part && part.dataset.underWay) {
  setTimeout(look, 2000);
}
