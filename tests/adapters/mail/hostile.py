"""Text from people who mean no good, as it would be if the edge had let it through."""

from hypothesis import strategies as st

from domain.booking import LONGEST_REASON
from domain.booking_page import LONGEST_TITLE
from domain.person import LONGEST_EMAIL, LONGEST_NAME

# fmt: off
_NASTY = [
    "\r", "\n", "\r\n", "\r\nBcc: evil@x.example", "\r\nATTACH:evil", '"', "^n", "^'", "\\", "\\n", ";", ":",
    ",", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066",
    "\u200d", "\ud800", "🐟", "👩‍👩‍👧", "ö", "漢", "é", "<",
    ">", "</a>", "=?utf-8?q?=0D=0ABcc=3A_evil=40x=2Eexample?=", "=?", "?=",
    "@", "(", ")", "[", "]", "{{ 7 * 7 }}", "%s",
    " ", "\t", "Bob, evil@x.example", "evil@x.example", "a" * 300, "漢" * 300, "🐟 " * 150,
]
# fmt: on

texts = st.lists(st.one_of(st.sampled_from(_NASTY), st.text(max_size=8)), max_size=8).map("".join)
names = texts.map(lambda text: text[:LONGEST_NAME]).filter(str.strip)
titles = texts.map(lambda text: text[:LONGEST_TITLE]).filter(str.strip)
answers = texts.filter(lambda text: text.strip() and len(text) <= LONGEST_REASON)
"""They are good for reasons as well, which are shorter."""

links = st.from_regex(r"https?://x\.example/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{1,200}", fullmatch=True)
addresses = st.one_of(
    texts,
    texts.map(lambda text: f"{text}@x.example"),
    st.sampled_from(
        ["anna@host.example", "ANNA@host.example", '"a b"@x.example', "jörg@x.example", "a@[::1]", "a@b@c.example"]
    ),
).filter(lambda text: all(text.rpartition("@")[::2]) and len(text) <= LONGEST_EMAIL)
