"""The models. Import them from here."""

from stories.models.addresses import OldAddress, StoryAddress
from stories.models.articles import Article, Byline
from stories.models.assignments import Assignment
from stories.models.attempts import FailedAttempt
from stories.models.authors import Author
from stories.models.blocks import BlockModel, EmbedBlock, ImageBlock, QuoteBlock, TextBlock
from stories.models.comment_requests import (
    CommentRequest,
    ContactAttempt,
    DeskRecord,
    Terms,
    TermsDecision,
)
from stories.models.developing_mode import DevelopingMode
from stories.models.dossiers import AuditAccess, DossierApproval, DossierDownload, DossierOrder
from stories.models.email_changes import EmailChange
from stories.models.erasures import Erasure, ErasureApproval, ErasureOrder, ErasureScope
from stories.models.grounds import Ground
from stories.models.heartbeat import Heartbeat
from stories.models.imports import ImportedStory
from stories.models.invitations import Invitation
from stories.models.live_periods import NEVER, LiveCredit, LivePeriod, PublishedStory
from stories.models.mail_kinds import MailKind
from stories.models.name_changes import NameChange, NameChangeKind, NamedThing
from stories.models.outbox import OutboxMessage
from stories.models.password_resets import PasswordReset
from stories.models.pictures import Picture, PictureSize
from stories.models.presence import Presence
from stories.models.profile_changes import ProfileChange, profile_digest
from stories.models.publications import (
    Cancellation,
    Cause,
    Embargo,
    Publication,
    PublicationCard,
    PublicationClass,
    PublishedNote,
    PublishedPicture,
    SearchText,
)
from stories.models.questions import Answer, Question, SignOff
from stories.models.record.ledger import DailyHead, EntryKind, EntryText, LedgerEntry
from stories.models.record.part_keys import PartKey
from stories.models.record.revisions import Revision
from stories.models.restorations import Restoration
from stories.models.review_requests import ReviewRequest
from stories.models.rights_changes import RightsChange
from stories.models.second_person import SecondPersonCheck
from stories.models.sections import Section
from stories.models.story_status import StoryStatus
from stories.models.update_notes import UpdateNote
from stories.models.users import DESK_LANGUAGES, User
from stories.models.verification_runs import VerificationRun
from stories.models.withdrawals import Discard, Withdrawal
from stories.models.withholdings import StoryMask, Withholding, WithholdingDecision

__all__ = [
    "DESK_LANGUAGES",
    "NEVER",
    "Answer",
    "Article",
    "Assignment",
    "AuditAccess",
    "Author",
    "BlockModel",
    "Byline",
    "Cancellation",
    "Cause",
    "CommentRequest",
    "ContactAttempt",
    "DailyHead",
    "DeskRecord",
    "DevelopingMode",
    "Discard",
    "DossierApproval",
    "DossierDownload",
    "DossierOrder",
    "EmailChange",
    "Embargo",
    "EmbedBlock",
    "EntryKind",
    "EntryText",
    "Erasure",
    "ErasureApproval",
    "ErasureOrder",
    "ErasureScope",
    "FailedAttempt",
    "Ground",
    "Heartbeat",
    "ImageBlock",
    "ImportedStory",
    "Invitation",
    "LedgerEntry",
    "LiveCredit",
    "LivePeriod",
    "MailKind",
    "NameChange",
    "NameChangeKind",
    "NamedThing",
    "OldAddress",
    "OutboxMessage",
    "PartKey",
    "PasswordReset",
    "Picture",
    "PictureSize",
    "Presence",
    "ProfileChange",
    "Publication",
    "PublicationCard",
    "PublicationClass",
    "PublishedNote",
    "PublishedPicture",
    "PublishedStory",
    "Question",
    "QuoteBlock",
    "Restoration",
    "ReviewRequest",
    "Revision",
    "RightsChange",
    "SearchText",
    "SecondPersonCheck",
    "Section",
    "SignOff",
    "StoryAddress",
    "StoryMask",
    "StoryStatus",
    "Terms",
    "TermsDecision",
    "TextBlock",
    "UpdateNote",
    "User",
    "VerificationRun",
    "Withdrawal",
    "Withholding",
    "WithholdingDecision",
    "profile_digest",
]
