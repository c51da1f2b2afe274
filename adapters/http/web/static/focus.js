// Where somebody is on a page, over the replacing of a part of it.

const key = ({ localName, name, value, href, textContent }) => JSON.stringify(
  name ? [localName, name, value] : [localName, href, textContent],
);

// Called after the part is replaced, what comes back leads to where they were, with what was typed there and the caret;
// and says whether that is still there.
export function keepFocus() {
  const held = document.activeElement;
  const [sought, text] = [key(held), held.value];
  const alike = () => [...document.querySelectorAll(held.localName)].filter((each) => key(each) === sought);
  const place = alike().indexOf(held);
  const caret = held.selectionStart == null ? null : [held.selectionStart, held.selectionEnd, held.selectionDirection];
  return () => {
    if (held.isConnected && held === document.activeElement) return true;
    const again = held.isConnected ? held : alike()[place] ?? (held.id && document.getElementById(held.id));
    if (!again) return false;
    again.focus();
    if (caret) {
      again.value = text;
      again.setSelectionRange(...caret);
    }
    return true;
  };
}
