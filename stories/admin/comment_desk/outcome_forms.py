"""Forms of the comment desk: a request's outcome, and where a statement goes in the story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import site_locale
from stories.actions.comment_desk.outcomes import ANSWERED, PartyAnswer, RequestOutcome
from stories.actions.comment_desk.statements import Placement, PlacementStyle, position_at_end
from stories.admin.comment_desk.forms import TERMS_WORDS, Channel, OffRecordForm, text_area, this_minute
from stories.admin.page.moments import moment_field
from stories.domain.snapshot import Block, CommentRequest, ImageBlock, RequestStatus, StorySnapshot
from stories.domain.text.captions import plain_caption as caption_words
from stories.models import ContactAttempt, Terms
from stories.models.integrity.registry import PART_MODELS

COMPOSE, KEEP = "compose", "keep"


class OutcomeForm(OffRecordForm):
    """The outcome of a request, with the answer if there is one."""

    words_field = "statement"

    status = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            (RequestStatus.RECEIVED.value, gettext_lazy("They answered")),
            (RequestStatus.DECLINED.value, gettext_lazy("They declined to comment")),
            (RequestStatus.NO_RESPONSE.value, gettext_lazy("They did not respond")),
            (RequestStatus.WITHDRAWN.value, gettext_lazy("We withdrew the request")),
            (RequestStatus.PENDING.value, gettext_lazy("Still pending")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what came of it.")},
    )
    at = moment_field(label=gettext_lazy("When they answered"), required=False, initial=this_minute)
    channel = forms.ChoiceField(
        label=gettext_lazy("How they answered"),
        required=False,
        choices=Channel.choices,
        initial=Channel.EMAIL.value,
    )
    terms = forms.ChoiceField(
        label=gettext_lazy("Terms"),
        required=False,
        widget=forms.RadioSelect,
        choices=list(TERMS_WORDS.items())[:3],
        initial=Terms.ON_THE_RECORD.value,
    )
    statement = forms.CharField(
        label=gettext_lazy("Their statement"),
        required=False,
        max_length=50_000,
        widget=text_area(6),
        help_text=gettext_lazy(
            "Leave it empty if there are no words to keep. An empty line begins a new paragraph."
        ),
    )
    asked_how = forms.CharField(
        label=gettext_lazy("How they were asked"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("As in “by e-mail and phone”. Readers see it."),
    )
    sentence = forms.ChoiceField(
        label=gettext_lazy("The request’s own sentence, written for the state that it had"),
        required=False,
        widget=forms.RadioSelect,
        initial=COMPOSE,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, comment_request: CommentRequest, attempts: Iterable[ContactAttempt], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            **self.initial,
            "asked_how": comment_request.asked_how or asked_how(attempts),
            "seen": comment_request.status.value,
        }
        if comment_request.status is not RequestStatus.PENDING:
            self.initial["status"] = comment_request.status.value
            self.initial["at"] = comment_request.responded_at or this_minute()
        if comment_request.sentence:
            self.fields["sentence"].choices = [  # type: ignore[attr-defined]
                (COMPOSE, _("Let the page compose it")),
                (KEEP, _("Keep “%(sentence)s”") % {"sentence": comment_request.sentence}),
            ]
        else:
            del self.fields["sentence"]
        if self.is_bound:
            self.fill_in_missing()

    def fill_in_missing(self) -> None:
        """Fill in what the page would have offered. The list sends the outcome alone."""
        sent = self.data.copy()  # type: ignore[attr-defined]
        for name in ("at", "channel", "terms", "asked_how"):
            if name not in sent:
                offered = self.fields[name].prepare_value(self[name].initial)
                # In the form that the page sends: a time in the newsroom's zone, to the minute.
                sent[name] = f"{offered:%Y-%m-%dT%H:%M}" if name == "at" else offered
        self.data = sent

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.is_answered and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when they answered."))
        return values

    @property
    def is_answered(self) -> bool:
        return self.cleaned_data.get("status") in {status.value for status in ANSWERED}

    def seen_status(self) -> RequestStatus | None:
        """Return the state that the page showed, None if it is no state."""
        seen = self.cleaned_data["seen"]
        return RequestStatus(seen) if seen in {status.value for status in RequestStatus} else None

    def outcome(self) -> RequestOutcome:
        values = self.cleaned_data
        return RequestOutcome(
            status=RequestStatus(values["status"]),
            responded_at=values["at"],
            asked_how=values["asked_how"],
            keeps_sentence=values.get("sentence") == KEEP,
        )

    def answer(self) -> PartyAnswer | None:
        """Return the answer, None if they gave none."""
        if not self.is_answered:
            return None
        values = self.cleaned_data
        received = values["status"] == RequestStatus.RECEIVED.value
        return PartyAnswer(
            at=values["at"],
            channel=values["channel"] or Channel.EMAIL.value,
            terms=values["terms"] or Terms.ON_THE_RECORD.value,
            statement=values["statement"] if received else "",
        )

    def mark_seen(self, state: RequestStatus) -> None:
        """Count the request's present state as seen, so that the next save is not refused for it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("seen")] = state.value  # type: ignore[index]


class PlacementForm(forms.Form):
    """Where and how a statement goes into the story."""

    way = forms.ChoiceField(
        label=gettext_lazy("Into the story"),
        choices=[
            (PlacementStyle.QUOTE.value, gettext_lazy("as a quote, set apart")),
            (PlacementStyle.PARAGRAPH.value, gettext_lazy("as a paragraph: somebody said: “…”")),
        ],
        widget=forms.RadioSelect,
        initial=PlacementStyle.QUOTE.value,
    )
    speaker = forms.CharField(
        label=gettext_lazy("Who says it, as readers know them"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    speaker_title = forms.CharField(
        label=gettext_lazy("Their title"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    unnamed_because = forms.CharField(
        label=gettext_lazy("Why they are not named"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Readers see this."),
    )
    after = forms.ChoiceField(label=gettext_lazy("Place it after"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, *args: Any, comment_request: CommentRequest, story: StorySnapshot, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = [(str(block.key), _block_label(block)) for block in story.blocks]  # type: ignore[attr-defined]
        last = story.blocks[: position_at_end(story.blocks)][-1:]
        self.initial = {
            **self.initial,
            "after": str(last[0].key) if last else "",
            "speaker": comment_request.party,
        }

    def placement(self, words: str, *, said_at: datetime | None) -> Placement:
        values = self.cleaned_data
        return Placement(
            key=values["key"],
            style=PlacementStyle(values["way"]),
            words=words,
            speaker=values["speaker"],
            speaker_title=values["speaker_title"],
            unnamed_because=values["unnamed_because"],
            said_on=timezone.localdate(said_at) if said_at else None,
            after=UUID(values["after"]) if values["after"] else None,
        )


class StoredStatementForm(PlacementForm):
    """The same, for a statement that the desk has stored already."""

    prefix = "held"

    statement = forms.CharField(
        label=gettext_lazy("Their words, as they go into the story"), max_length=50_000, widget=text_area(6)
    )
    field_order = ["statement"]


def asked_how(attempts: Iterable[ContactAttempt]) -> str:
    """Describe how a party was asked, from the logged attempts, in the order in which each channel was first used."""
    tried = dict.fromkeys(attempt.channel for attempt in attempts if not attempt.answered)
    # Readers read it.
    with site_locale():
        nouns = {
            Channel.EMAIL.value: _("e-mail"),
            Channel.PHONE.value: _("phone"),
            Channel.MESSAGE.value: _("message"),
            Channel.LETTER.value: _("letter"),
        }
        channels = [nouns[channel] for channel in tried if channel in nouns]
        phrases = [_("by %(channels)s") % {"channels": get_text_list(channels, _("and"))}] if channels else []
        if Channel.IN_PERSON.value in tried:
            phrases.append(_("in person"))
        return get_text_list(phrases, _("and"))


def _block_label(block: Block) -> str:
    """Return a few words that tell a block from others, for whoever chooses a place."""
    words = getattr(block, "text", "") or getattr(block, "title", "")
    if isinstance(block, ImageBlock):
        words = caption_words(block.caption) or block.alt_text
    kind = str(PART_MODELS[type(block)]._meta.verbose_name)
    # The new block follows the end of this one.
    text = " ".join(strip_tags(words.replace("<", " <")).split())
    end = text if len(text) <= 60 else f"… {text[-60:].split(' ', 1)[-1]}"
    return f"{kind}: {end}" if end else kind
