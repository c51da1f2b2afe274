// Passkeys: signs in, adds one, says once more who it is. Where the browser can't, nothing of it is shown.

const supported = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
const RENEWED_EVERY = 4 * 60 * 1000;

const ceremonies = {
  create: (options, more) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), ...more }),
  get: (options, more) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...more }),
};

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsFrom, { method: "POST" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function perform(form, more) {
  const credential = await ceremonies[form.dataset.passkey](await optionsOf(form), more);
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

const PROBLEMS = { NotAllowedError: "stopped", AbortError: "stopped", InvalidStateError: "known" };

function tell(form, error) {
  const place = form.querySelector("[data-problem]");
  place.hidden = !error;
  place.role = "alert";
  place.textContent = error ? place.dataset[PROBLEMS[error.name] ?? "failed"] : "";
}

let waiting = null;

// The browser offers passkeys among what it fills into the field, until somebody takes one or presses the button.
async function offer(form) {
  waiting?.abort();
  const mine = waiting = new AbortController();
  try {
    await perform(form, { mediation: "conditional", signal: mine.signal });
  } catch {
    // The button is there, and says what is wrong.
  }
}

async function start() {
  for (const each of document.querySelectorAll("[data-passkeys]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-without-passkeys]")) each.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      waiting?.abort();
      waiting = null;
      tell(form, null);
      try {
        await perform(form);
      } catch (error) {
        event.submitter?.removeAttribute("aria-busy");
        tell(form, error);
      }
    });
  }
  const form = document.querySelector("form[data-autofill]");
  if (!form || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  offer(form);
  // Challenges don't last.
  setInterval(() => { if (waiting && !document.hidden) offer(form); }, RENEWED_EVERY);
}

if (supported) start();
