"""What a page says of the parties that were asked for comment, composed from the requests themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _, ngettext

from stories.domain.snapshot import CommentRequest, RequestStatus

# What came, stands in the story; what was withdrawn, is no reader's concern.
SILENT = frozenset({RequestStatus.RECEIVED, RequestStatus.WITHDRAWN})


def comment_line(requests: Iterable[CommentRequest]) -> str:
    """What readers are told of the requests, as one line of plain text; "" where there is nothing to tell.

    Parties in the same state share a sentence, which stands where the first of them would. A request's
    own `sentence` stands in place of the one composed for it, for as long as its state has one.
    """
    sentences: list[str | RequestStatus] = []
    parties: dict[RequestStatus, list[str]] = {}
    for request in requests:
        if not request.shown or request.status in SILENT:
            continue
        if request.sentence:
            sentences.append(request.sentence)
            continue
        if request.status not in parties:
            sentences.append(request.status)
        parties.setdefault(request.status, []).append(request.party)
    return " ".join(
        _composed(sentence, parties[sentence]) if isinstance(sentence, RequestStatus) else sentence
        for sentence in sentences
    )


def _composed(status: RequestStatus, parties: list[str]) -> str:
    """The sentence for all parties in a state that is not silent."""
    if status is RequestStatus.PENDING:
        sentence = _("We’ve reached out to %(parties)s for comment and will update if we hear back.")
    elif status is RequestStatus.DECLINED:
        sentence = ngettext(
            "%(parties)s declined to comment.", "%(parties)s declined to comment.", len(parties)
        )
    else:
        sentence = ngettext(
            "%(parties)s did not respond to a request for comment.",
            "%(parties)s did not respond to requests for comment.",
            len(parties),
        )
    return _begun(sentence % {"parties": get_text_list(parties, _("and"))})


def _begun(sentence: str) -> str:
    """A sentence with its first letter as a sentence has it; a name such as eBay keeps its own."""
    return capfirst(sentence) if sentence.split(maxsplit=1)[0].islower() else sentence
