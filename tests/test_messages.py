"""Whatever people read is there in Spanish: readers’ pages, the desk, the audit desk, mails and refusals."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django_prose_editor
import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext

from stories.models import User
from tests import messages
from tests.factories import signed_in

PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+[^>]*>")
SCRIPTS = messages.ROOT / "stories" / "static"
# A sentence in a script: two words at least, the first with a capital.
SENTENCE = re.compile(r"""["'`]([A-Z][a-z’]+(?: [a-z’]+)+[^"'`=]*)["'`]""")


def test_everything_that_people_read_is_there_in_spanish() -> None:
    catalog, page_words = messages.read_catalog(), messages.messages_in_use()
    lacking = [
        f"{place}: {message.singular}"
        for message, place in page_words.items()
        if not all(catalog.get(message, ("",))) or len(catalog[message]) != (2 if message.plural else 1)
    ]
    assert not lacking, "\n".join(
        ["Add to stories/locale/es/LC_MESSAGES/django.po, then run python -m tests.messages:", *lacking]
    )
    assert set(catalog) - set(page_words) == {messages.Message("")}, "The site no longer says this."


def test_every_translation_has_the_places_of_its_original() -> None:
    for message, forms in messages.read_catalog().items():
        for form in forms if message.singular else ():
            originals = {
                tuple(sorted(PLACES.findall(text))) for text in (message.plural, message.singular) if text
            }
            assert tuple(sorted(PLACES.findall(form))) in originals, form
            assert form.endswith("\n") == message.singular.endswith("\n"), form


@pytest.mark.parametrize("catalog", [messages.CATALOG, messages.SCRIPTS_CATALOG], ids=lambda path: path.name)
def test_what_django_reads_is_what_translators_wrote(catalog: Path) -> None:
    compiled_before = catalog.with_suffix(".mo").read_bytes()
    assert compiled_before == messages.compiled(messages.read_catalog(catalog)), (
        "Run: python -m tests.messages"
    )


def test_the_dialogs_of_the_text_editor_are_in_spanish(reporter: User) -> None:
    """Its package has none; what it says is told by its German."""
    german = Path(django_prose_editor.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "djangojs.po"
    assert set(messages.read_catalog(german)) == set(messages.read_catalog(messages.SCRIPTS_CATALOG))
    reporter.language = "es"
    reporter.save()
    script = signed_in(reporter).get(reverse("admin:jsi18n")).content.decode()
    assert '"Edit Link": "Editar enlace"' in script


def test_django_says_what_translators_wrote() -> None:
    with translation.override("es"):
        for message, forms in messages.read_catalog().items():
            if message.plural:
                found = tuple(ngettext(message.singular, message.plural, count) for count in (1, 2))
            elif message.context:
                found = (pgettext(message.context, message.singular),)
            else:
                found = (gettext(message.singular),)
            assert not message.singular or found == forms


def test_messages_are_found_in_code_and_in_templates() -> None:
    found = set(messages.messages_in_code('def a():\n    return pgettext("night", "Right") + _("Left")\n'))
    assert found == {messages.Message("Right", context="night"), messages.Message("Left")}
    template = '{% translate "Go" %}{% blocktranslate count n=n %}one{% plural %}many{% endblocktranslate %}'
    assert set(messages.messages_in_template(template)) == {
        messages.Message("Go"),
        messages.Message("one", "many"),
    }


def unmarked_words(path: Path) -> Iterator[str]:
    """Yield what stands in a template between tags, in no message."""
    text = path.read_text()
    for ours in (
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{% block bodyclass %}.*?{% endblock",
        r"<(script|style|code).*?</\1>",
        r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->",
    ):
        text = re.sub(ours, "", text, flags=re.DOTALL)
    yield from re.findall(r"[A-Za-z][a-z]+ [a-z]+(?: [a-z]+)*", re.sub(r"<[^>]*>", "\n", text))


@pytest.mark.parametrize(
    "room", ["admin", "stories/audit", "stories/public", "stories/partials", "account", "mfa"]
)
def test_no_template_has_words_of_its_own(room: str) -> None:
    found = [
        f"{path.relative_to(messages.ROOT)}: {words}"
        for path in sorted((messages.ROOT / "templates" / room).rglob("*.html"))
        for words in unmarked_words(path)
    ]
    assert not found, "\n".join(found)


def test_no_script_has_words_of_its_own() -> None:
    """Scripts say what the page gives them: attributes and templates, which are translated."""
    found = [
        f"{path.relative_to(messages.ROOT)}: {sentence}"
        for path in sorted(SCRIPTS.rglob("*.js"))
        for sentence in SENTENCE.findall(re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.DOTALL))
    ]
    assert not found, "\n".join(found)


def test_models_name_themselves_in_whichever_language_is_read() -> None:
    """A name translated when the code is loaded would be in one language for good, and in the migrations."""
    for model in admin.site._registry:
        assert isinstance(model._meta.verbose_name, Promise), model
        for field in model._meta.get_fields():
            help_text = getattr(field, "help_text", "")
            assert not help_text or isinstance(help_text, Promise), f"{model.__name__}.{field.name}"


def test_no_message_is_made_of_a_variable() -> None:
    """Of `_(title)` nobody can tell which messages it needs."""
    found = [
        f"{path.relative_to(messages.ROOT)}:{node.lineno}"
        for folder in messages.CODE
        for path in sorted((messages.ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in messages.CALLS
        and not all(isinstance(each, ast.Constant) for each in node.args[:1])
        # The names of languages are Django’s.
        and path.name != "own_settings.py"
    ]
    assert not found, "\n".join(found)
