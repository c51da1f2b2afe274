"""What is left in English on a German page."""

import re
from typing import Any

from playwright.async_api import Page

GERMAN: dict[str, Any] = {"locale": "de-DE", "timezone_id": "Europe/Berlin"}
# Those that no German sentence has, and no title of the builders.
ENGLISH = re.compile(
    r"\b(?:the|and|your|you|with|for|is|are|of|not|this|that|by|at|from|sign|save|cancel|book|booking|choose|please|"
    r"search|settings|edit|add|remove|copy|connect|connected|phone call|in person|day|days|hours|minutes|time|"
    r"email|password|needs?|call|language|monday|tuesday|march)\b",
    re.IGNORECASE,
)


async def english_on(page: Page) -> set[str]:
    """English words that people read, which names for programs and of places aren't."""
    text = await page.locator("body").inner_text()
    for each in await page.locator("code, option[data-in], #holidays_country option").all_inner_texts():
        text = text.replace(each, "")
    return set(ENGLISH.findall(text)) | set(ENGLISH.findall(await page.title()))
