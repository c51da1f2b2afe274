"""The editor's buttons that save nothing, with whatever a browser can be made to send."""

import pytest
from litestar.datastructures import FormMultiDict

from adapters.http.web.forms import Form
from adapters.http.web.pages.editing.buttons import BUTTONS, pressed
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.hours_buttons import HOURS_BUTTONS
from tests.support.builders import a_host, a_page


@pytest.mark.parametrize("wish", ["", ":", ":nobody", ":0:0:0", ":²:-1", "::::"])
@pytest.mark.parametrize("button", [*BUTTONS, *HOURS_BUTTONS, "hours-copy", "nothing"])
def test_a_button_that_names_nothing_of_the_form_keeps_what_is_there(button: str, wish: str) -> None:
    form = EditorForm.of(a_page(a_host()))

    after = pressed(form, Form(FormMultiDict([("do", f"{button}{wish}")]))).form

    assert form.title == after.title
    assert form.hours.weekly == after.hours.weekly
