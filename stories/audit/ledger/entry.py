"""One entry of the ledger: its change word by word, its evidence, and its questions, answers and sign-offs."""

from __future__ import annotations

import json
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import site_locale
from stories.actions.audit.questions import ask_question, sign_off
from stories.actions.errors import Refused
from stories.actions.permissions import may_audit
from stories.actions.texts import MOST_CHARACTERS
from stories.audit.pages import page
from stories.domain.diff.compare import StoryTooLong, diff
from stories.domain.snapshot import EMPTY, StorySnapshot
from stories.domain.text.mask import NOTHING
from stories.models import Publication, Revision
from stories.queries.ledger.entry import EntryDetail, State, entry_detail
from stories.queries.story.snapshots import snapshot_at, snapshot_pair
from stories.rendering.compare.comparison import RenderedComparison, render_comparison
from stories.rendering.ledger_line import SIZE_LABELS

ASK: Final = "ask"
SIGN_OFF: Final = "sign-off"

_RELATIONS: Final = {
    "revision_event": gettext_lazy("the revision that it is about"),
    "base": gettext_lazy("the publication that it followed"),
    "publication": gettext_lazy("the publication that it is about"),
    "withholding": gettext_lazy("the withholding that it decides on"),
    "order": gettext_lazy("the order that it is about"),
    "question": gettext_lazy("the question that it answers"),
    "published": gettext_lazy("its publication"),
    "cancelled": gettext_lazy("its cancellation"),
    "withheld": gettext_lazy("withheld later"),
    "decided": gettext_lazy("what was decided on it"),
    "answered": gettext_lazy("its answer"),
    "about": gettext_lazy("the entry that it is about"),
}
_STATES: Final = {
    State.HOLDS: gettext_lazy("holds"),
    State.DIFFERS: gettext_lazy("is not what was written"),
    State.MISSING: gettext_lazy("is not there"),
    State.ERASED: gettext_lazy("erased by order, as a later entry records"),
}
_CHANGES: Final = {
    "+": gettext_lazy("added"),
    "~": gettext_lazy("changed"),
    "-": gettext_lazy("removed"),
}


class AskForm(forms.Form):
    """A question about an entry."""

    prefix = ASK
    reason = forms.CharField(
        label=gettext_lazy("Your question"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "It is entered into the ledger. Who made the entry sees it on their desk, and hears of it by e-mail."
        ),
    )


class SignOffForm(forms.Form):
    """A sign-off: that an entry is in order."""

    prefix = SIGN_OFF
    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("May be left empty. It is entered into the ledger."),
    )


def entry_page(request: HttpRequest, sequence: int) -> HttpResponse:
    """Show an entry, and let auditors ask about it or sign it off. Some forty queries, however long the ledger."""
    detail = entry_detail(sequence)
    if detail is None:
        raise Http404(_("The ledger has no entry %(sequence)s.") % {"sequence": sequence})
    step = request.POST.get("step", "") if request.method == "POST" else ""
    ask_form = AskForm(request.POST if step == ASK else None)
    sign_form = SignOffForm(request.POST if step == SIGN_OFF else None)
    form = {ASK: ask_form, SIGN_OFF: sign_form}.get(step)
    if form is not None and form.is_valid():
        try:
            done = _carry_out(request, detail, step, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("audit:entry", args=[sequence]))
    entry = detail.line.entry
    comparison, not_compared = _comparison(detail)
    return page(
        request,
        "entry.html",
        _("Entry %(sequence)s") % {"sequence": sequence},
        detail=detail,
        line=detail.line,
        entry=entry,
        size=SIZE_LABELS[entry.size],
        comparison=comparison,
        not_compared=not_compared,
        published=detail.event if isinstance(detail.event, Publication) else None,
        payload=json.dumps(detail.line.payload, indent=2, ensure_ascii=False)
        if detail.line.payload
        else entry.payload,
        rows=[(row, _CHANGES.get(row.change, row.change), _STATES[row.state]) for row in detail.rows],
        links=[(_RELATIONS[link.relation], link.sequence) for link in detail.links],
        dossier=_dossier_address(entry.article_id),
        ask_form=ask_form,
        sign_form=sign_form,
        may_audit=may_audit(request.user),
        is_signed=any(each.user_id == request.user.pk for each in detail.line.sign_offs),
    )


def _carry_out(request: HttpRequest, detail: EntryDetail, step: str, reason: str) -> str:
    """Carry out the posted step, and return a sentence on what was done."""
    entry = detail.line.entry
    if step == SIGN_OFF:
        sign_off(entry=entry, user=request.user, reason=reason)
        return _("Entry %(sequence)s is signed off.") % {"sequence": entry.sequence}
    question = ask_question(entry=entry, user=request.user, reason=reason)
    if question.asked_name:
        return _("Your question is put to %(name)s.") % {"name": question.asked_name}
    return _("Your question is put to the desk, because who made this entry is no longer here.")


def _comparison(detail: EntryDetail) -> tuple[RenderedComparison | None, str]:
    """Return the event's changes word by word, or a sentence on why they are not shown; "" if it changed no words."""
    article, compared = detail.line.entry.article_id, detail.compared
    if article is None or compared is None:
        return None, ""
    try:
        before, after = _snapshots(article, *compared)
        if isinstance(detail.event, Publication):
            changes = diff(before.public(withheld=NOTHING), after.public(withheld=NOTHING))
        else:
            changes = diff(before, after)
        return render_comparison(changes, picture_address=_picture_address, reader_locale=site_locale), ""
    except StoryTooLong:
        return None, _("These two are too long to be compared word by word.")
    except Revision.DoesNotExist:
        return None, _("The rows that this comparison needs are not there. The verification tells which.")


def _snapshots(article: int, first: int, second: int) -> tuple[StorySnapshot, StorySnapshot]:
    if first < 1:
        return EMPTY, snapshot_at(article, second)
    return snapshot_pair(article, first, second)


def _picture_address(digest: str, width: int) -> str:
    """Return the admin's address of a picture, which also serves pictures that no version has shown yet."""
    return reverse("admin:stories_article_picture", args=[digest])


def _dossier_address(article_id: int | None) -> str:
    """Return the address of the story's dossier, "" if the entry is about no story."""
    return reverse("audit:dossier", args=[article_id]) if article_id else ""
