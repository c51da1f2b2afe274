// A picture that is too large is told before it travels, so that nothing typed beside it is at risk.

const file = document.getElementById("screenshot");
const words = Object.assign(document.createElement("p"), { className: "error", id: "screenshot-too-large" });
words.setAttribute("role", "alert");

const isTooLarge = () => (file.files[0]?.size ?? 0) > Number(file.dataset.largest);

function tell() {
  const wrong = isTooLarge();
  document.getElementById("screenshot-error")?.remove();
  file.closest(".field").classList.toggle("wrong", wrong);
  if (wrong) file.setAttribute("aria-invalid", "true");
  else file.removeAttribute("aria-invalid");
  file.setAttribute("aria-describedby", wrong ? "screenshot-too-large screenshot-hint" : "screenshot-hint");
  words.textContent = wrong ? file.dataset.tooLarge : "";
  if (wrong) file.after(words);
  else words.remove();
}

file.addEventListener("change", tell);
file.form.addEventListener("submit", (event) => {
  if (!isTooLarge()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  file.focus();
});
