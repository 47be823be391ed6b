// The QR code of a receipt leads here with the code after the #, which no server is ever sent.
// It goes into the box and out of the address, so that it stays in no list of visited pages.
const box = document.getElementById("id_code");

function take() {
  const code = location.hash.slice(1);
  if (!box || !/^[\dA-Za-z-]{12,14}$/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  box.value = code;
  box.form.querySelector("[type=submit]").focus();
}

addEventListener("hashchange", take);
take();
