"""What is stored. Import models from here."""

from stories.models.addresses import OldAddress, StoryAddress
from stories.models.articles import Article, Byline
from stories.models.assignments import Assignment
from stories.models.authors import Author
from stories.models.blocks import BlockModel, EmbedBlock, ImageBlock, QuoteBlock, TextBlock
from stories.models.comment_requests import (
    CommentRequest,
    ContactAttempt,
    DeskRecord,
    Terms,
    TermsDecision,
)
from stories.models.desk_cards import DeskCard
from stories.models.developing_mode import DevelopingMode
from stories.models.imports import ImportedStory
from stories.models.ledger import EntryKind, LedgerEntry
from stories.models.part_keys import PartKey
from stories.models.pictures import Picture
from stories.models.presence import Presence
from stories.models.publications import (
    Cancellation,
    Cause,
    Embargo,
    Publication,
    PublicationCard,
    PublicationClass,
    PublishedNote,
    PublishedPicture,
)
from stories.models.purges import PurgeOrder
from stories.models.review_requests import ReviewRequest
from stories.models.revisions import Revision
from stories.models.sections import Section
from stories.models.update_notes import UpdateNote
from stories.models.withdrawals import Discard, Withdrawal

__all__ = [
    "Article",
    "Assignment",
    "Author",
    "BlockModel",
    "Byline",
    "Cancellation",
    "Cause",
    "CommentRequest",
    "ContactAttempt",
    "DeskCard",
    "DeskRecord",
    "DevelopingMode",
    "Discard",
    "Embargo",
    "EmbedBlock",
    "EntryKind",
    "ImageBlock",
    "ImportedStory",
    "LedgerEntry",
    "OldAddress",
    "PartKey",
    "Picture",
    "Presence",
    "Publication",
    "PublicationCard",
    "PublicationClass",
    "PublishedNote",
    "PublishedPicture",
    "PurgeOrder",
    "QuoteBlock",
    "ReviewRequest",
    "Revision",
    "Section",
    "StoryAddress",
    "Terms",
    "TermsDecision",
    "TextBlock",
    "UpdateNote",
    "Withdrawal",
]
