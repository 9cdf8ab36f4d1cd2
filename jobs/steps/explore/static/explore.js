"use strict";
// counts that take long come after the documents; the answer is HTML that the server has escaped
const later = document.getElementById("later");
if (later) {
  fetch(later.dataset.from)
    .then((answer) => answer.text())
    .then((html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      const message = page.querySelector("main");
      later.replaceWith(...(message || page.body).childNodes);
    })
    .catch(() => {
      later.textContent = "The counts could not be read: is the explorer still running?";
    });
}
