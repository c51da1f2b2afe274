"""Each page is told in the language of its reader: a new one is met here by its route, without being named."""

from adapters.http.web.help.help_pages import HELP_PAGES
from tests.support.inputs import ANOTHER_TIME, World
from tests.support.pseudo import PSEUDO_ALONE, english_on

NAMES = {
    *("Claude Code", "Cursor", "Fastmail", "Nextcloud", "Node", "PHP", "Proton", "Python", "VS Code", "iCloud", "js"),
    # Of a kind of event, for programs.
    "ping",
}
TYPED = {
    *(
        "Ana Brito",
        "Hafenstra",
        "Hamburg",
        "Hello",
        "Intro call",
        "Talk to me",
        "What about",
        "Which",
        "Winter",
        "Work",
    ),
    *("anna", "test", "that", "this"),
}
"""What the people of that world have written themselves."""

IN_ENGLISH = "/api/docs"
"""For people who write programs."""


async def test_each_page_asks_a_catalogue_for_every_word() -> None:
    world = await World.made(spoken=PSEUDO_ALONE)
    clients = world.visitor.client, world.server.client()
    ours = [world.filled(template) for template, _ in world.routes("GET") if not template.startswith(IN_ENGLISH)]
    left: list[str] = []

    for path in (*ours, *(each.path for each in HELP_PAGES)):
        for client in clients:
            query = {"start": ANOTHER_TIME, "date": "2026-03-03"}
            answer = await client.get(path, params=query, headers={"accept-language": "el"})
            if answer.headers.get("content-type", "").startswith("text/html"):
                left += [f"{path}: {word}" for word in english_on(answer.text) if word not in NAMES | TYPED]

    assert [] == left
