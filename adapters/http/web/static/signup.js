// Proposes a handle from the name, as long as nobody has typed one.

const name = document.querySelector("#name");
const handle = document.querySelector("#handle");
let untouched = handle.value === "";

const LETTERS = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "o", œ: "oe", å: "a", ł: "l", đ: "d", ð: "d", þ: "th" };

function proposed(text) {
  const plain = text.toLowerCase().replace(/[äöüßæøœåłđðþ]/g, (each) => LETTERS[each]).normalize("NFD").replace(/\p{M}/gu, "");
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "").slice(0, 48).replace(/-$/, "");
}

handle.addEventListener("input", () => { untouched = handle.value === ""; });
name.addEventListener("input", () => {
  if (untouched) handle.value = proposed(name.value);
});
