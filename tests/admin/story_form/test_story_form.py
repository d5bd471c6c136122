from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withdrawals import withdraw
from stories.domain import snapshot as domain
from stories.models import Article, Picture, Revision, User
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from tests.admin.typing import add_row, address_of, opened, row_of, sent, typed_in
from tests.factories import (
    MORNING,
    begin,
    byline,
    change,
    embed,
    go_live,
    make_author,
    make_section,
    make_user,
    note,
    quote,
    request,
    signed_in,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


def messages_of(response: object) -> str:
    return " ".join(str(message) for message in response.context["messages"])  # type: ignore[attr-defined]


def full_story() -> domain.StorySnapshot:
    return wanted(
        "Council hears objections",
        text("<p>First.</p><p>Second.</p>"),
        quote(),
        text("<p>Third.</p>"),
        embed(),
        section=make_section().pk,
        section_name="Technology",
        bylines=(byline(make_author()),),
        comment_requests=(request(requested_at=MORNING.replace(microsecond=123456)),),
        update_notes=(note(),),
    )


def picture_file(name: str = "mast.png") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "png")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


class TestSlugs:
    def test_one_that_is_another_storys_address_is_refused_where_it_is_typed(
        self, desk: Client, editor: User
    ) -> None:
        for slug in ("harrow", "harrow-2"):
            go_live(begin(wanted(f"The {slug}", slug=slug), user=editor), user=editor)
        draft = begin(wanted("A draft"), user=editor)
        form = opened(desk, draft)
        response = sent(desk, draft, form | {"slug": "harrow"})
        (message,) = response.context["adminform"].form.errors["slug"]
        assert message == (
            "“harrow” is the address of “The harrow”, for ever. Choose another slug, such as “harrow-3”."
        )
        assert Revision.objects.filter(article=draft).count() == 1

    def test_other_words_are_saved_while_a_slug_that_was_taken_since_stands(
        self, desk: Client, editor: User
    ) -> None:
        draft = begin(wanted("A draft", slug="harrow"), user=editor)
        go_live(begin(wanted("Harrow", slug="harrow"), user=editor), user=editor)
        form = opened(desk, draft)
        sent(desk, draft, form | {"headline": "Another"})
        assert working_snapshot(Article.objects.get(pk=draft.pk)).headline == "Another"

    def test_a_storys_own_earlier_address_is_free_to_it(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Harrow", slug="harrow"), user=editor)
        go_live(article, user=editor)
        change(article, user=editor, slug="bridge")
        form = opened(desk, article)
        sent(desk, article, form | {"slug": "harrow"})
        assert working_snapshot(Article.objects.get(pk=article.pk)).slug == "harrow"


class TestSpelling:
    def test_browsers_are_asked_to_check_the_storys_words_and_the_editor_does_not_switch_it_off(
        self, desk: Client, editor: User
    ) -> None:
        article = begin(full_story(), user=editor)
        page = desk.get(address_of(article)).content.decode()
        assert "NoSpellCheck" not in page
        for name in ("headline", "dek", "embedblock_set-0-title", "updatenote_set-0-text"):
            (field,) = re.findall(rf'<(?:input|textarea)[^>]* name="{name}"[^>]*>', page)
            assert 'spellcheck="true"' in field, name
        (slug,) = re.findall(r'<input[^>]* name="slug"[^>]*>', page)
        assert "spellcheck" not in slug


class TestSaving:
    def test_a_new_story_is_one_revision(self, desk: Client, editor: User) -> None:
        make_author()
        data = opened(desk) | {
            "headline": "A new mast",
            "slug": "a-new-mast",
            "dek": "It is tall.",
            "why": "Begun.",
        }
        add_row(data, "textblock_set", text="<p>It went up on Monday.</p>")
        add_row(data, "quoteblock_set", text="<p>Too tall.</p>", speaker="Dana Whitlock")
        add_row(data, "byline_set", author="ines-calder")
        add_row(data, "commentrequest_set", party="Corvid Systems", status="pending", shown="on")
        add_row(data, "updatenote_set", kind="update", text="We will follow this.")
        response = sent(desk, None, data)
        article = Article.objects.get()
        assert response.status_code == 302
        assert response.url == address_of(article)
        revision = Revision.objects.get()
        assert (revision.number, revision.user_name, revision.reason) == (1, "Emil Editor", "Begun.")
        story = working_snapshot(article)
        assert [type(block) for block in story.blocks] == [domain.TextBlock, domain.QuoteBlock]
        assert story.bylines[0].credited_as == "Ines Calder"
        assert story.comment_requests[0].party == "Corvid Systems"
        assert story.update_notes[0].text == "We will follow this."

    def test_a_form_sent_back_untouched_saves_nothing(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        response = desk.post(address_of(article), opened(desk, article) | {"_continue": "Save"}, follow=True)
        assert "Nothing changed, so nothing was saved." in messages_of(response)
        assert latest_revision(article.pk) == 1
        assert not LogEntry.objects.exists()

    def test_an_edit_changes_what_was_edited_alone(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        before = working_snapshot(article)
        data = opened(desk, article)
        data[f"{row_of(data, before.blocks[0].key)}-text"] = "<p>First, and more.</p><p>Second.</p>"
        sent(desk, article, data, why="More is known.")
        assert Revision.objects.get(number=2).reason == "More is known."
        after = working_snapshot(article)
        assert after.blocks[0].text == "<p>First, and more.</p><p>Second.</p>"  # type: ignore[attr-defined]
        assert after.blocks[1:] == before.blocks[1:]
        assert after.comment_requests == before.comment_requests

    @pytest.mark.parametrize(
        "asked", ["2025-10-26T00:30:00", "2025-10-26T01:30:17.25", "2025-10-27T00:30:00.5"]
    )
    def test_a_times_instant_stays_as_it_was_however_it_is_shown(
        self, desk: Client, editor: User, settings: Any, asked: str
    ) -> None:
        """In the night in which clocks go back, 02:30 is two times; and the page has no fractions of seconds."""
        settings.TIME_ZONE = "Europe/Madrid"
        moment = datetime.fromisoformat(f"{asked}+00:00")
        article = begin(wanted("Asked", comment_requests=(request(requested_at=moment),)), user=editor)
        sent(desk, article, opened(desk, article) | {"dek": "Once more."})
        story = snapshot_at(article.pk, 2)
        assert story.dek == "Once more."
        assert story.comment_requests[0].requested_at == moment

    def test_blocks_move_and_go(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        first, spoken, third, card = working_snapshot(article).blocks
        data = opened(desk, article)
        data[f"{row_of(data, card.key)}-ordering"] = "5"
        data[f"{row_of(data, spoken.key)}-DELETE"] = "on"
        sent(desk, article, data)
        assert working_snapshot(article).blocks == (card, first, third)
        assert snapshot_at(article.pk, 1).blocks == (first, spoken, third, card)

    def test_a_row_left_blank_is_no_part(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "textblock_set", text="<p></p>")
        add_row(data, "quoteblock_set", text="")
        add_row(data, "commentrequest_set", party="", status="pending", shown="on")
        sent(desk, article, data)
        assert latest_revision(article.pk) == 1

    def test_a_form_sent_twice_adds_its_new_blocks_once(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "textblock_set", text="<p>Fourth.</p>")
        sent(desk, article, data)
        sent(desk, article, data)
        assert [getattr(block, "text", "") for block in working_snapshot(article).blocks].count(
            "<p>Fourth.</p>"
        ) == 1

    def test_the_button_that_publishes_saves_first(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        response = desk.post(
            address_of(article), opened(desk, article) | {"headline": "Other", "_publish": "x"}
        )
        assert response.url == reverse("admin:stories_article_publish", args=[article.pk])  # type: ignore[attr-defined]
        assert latest_revision(article.pk) == 2

    def test_the_page_is_kept_by_no_cache(self, desk: Client, editor: User) -> None:
        response = desk.get(address_of(begin(user=editor)))
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))

    def test_queries_of_the_form_do_not_grow_with_the_blocks(
        self, desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        article = begin(wanted("Long", *[text(f"<p>{n}</p>") for n in range(60)]), user=editor)
        with django_assert_max_num_queries(40):
            desk.get(address_of(article))

    def test_a_save_of_twenty_blocks_takes_thirty_queries(
        self, desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        blocks = [text(f"<p>Paragraph {number}.</p>") for number in range(20)]
        article = begin(wanted("Long", *blocks, update_notes=(note(),)), user=editor)
        go_live(article, user=editor)
        # The first save of a process fills its caches.
        desk.post(address_of(article), opened(desk, article) | {"headline": "Longer"})
        form = opened(desk, article)
        form |= {"dek": "A new dek.", f"{row_of(form, blocks[7].key)}-text": "<p>Paragraph seven.</p>"}
        with django_assert_max_num_queries(30):
            desk.post(address_of(article), form)
        assert latest_revision(article.pk) == 3
        assert working_snapshot(article).blocks[7] == text("<p>Paragraph seven.</p>", key=blocks[7].key)


class TestTwoEditors:
    def test_edits_of_different_places_merge(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        first, _spoken, third, _card = working_snapshot(article).blocks
        mine, theirs = opened(desk, article), opened(desk, article)
        theirs[f"{row_of(theirs, first.key)}-text"] = "<p>First, by them.</p><p>Second.</p>"
        mine[f"{row_of(mine, third.key)}-text"] = "<p>Third, by me.</p>"
        sent(desk, article, theirs)
        response = desk.post(address_of(article), mine | {"_continue": "Save"}, follow=True)
        assert "merged in" in messages_of(response)
        texts = [getattr(block, "text", "") for block in working_snapshot(article).blocks]
        assert texts[0] == "<p>First, by them.</p><p>Second.</p>"
        assert texts[2] == "<p>Third, by me.</p>"
        assert latest_revision(article.pk) == 3

    def test_a_row_that_was_deleted_and_one_that_was_added_meanwhile(
        self, desk: Client, editor: User
    ) -> None:
        article = begin(full_story(), user=editor)
        first, _spoken, third, card = working_snapshot(article).blocks
        mine = opened(desk, article)
        added = text("<p>Added by them.</p>")
        change(article, user=editor, blocks=(first, third, card, added))
        mine[f"{row_of(mine, first.key)}-text"] = "<p>First, by me.</p><p>Second.</p>"
        assert sent(desk, article, mine).status_code == 302
        keys = [block.key for block in working_snapshot(article).blocks]
        assert keys == [first.key, third.key, card.key, added.key]

    def test_a_conflict_keeps_every_word_and_names_the_place(
        self, desk: Client, editor: User, reporter: User
    ) -> None:
        article = begin(full_story(), user=reporter)
        first, _spoken, third, _card = working_snapshot(article).blocks
        mine = opened(desk, article)
        other = signed_in(reporter)
        theirs = opened(other, article)
        theirs[f"{row_of(theirs, first.key)}-text"] = "<p>First, by them.</p><p>Second.</p>"
        sent(other, article, theirs)
        mine[f"{row_of(mine, first.key)}-text"] = "<p>First, by me.</p><p>Second.</p>"
        mine[f"{row_of(mine, third.key)}-text"] = "<p>Third, by me.</p>"
        mine["why"] = "My reason."
        add_row(mine, "textblock_set", text="<p>My new block.</p>")
        response = sent(desk, article, mine)
        assert response.status_code == 200
        assert latest_revision(article.pk) == 2
        page = response.content.decode()
        for words in (
            "Rosa Reporter saved this story",
            "Rosa Reporter made of it",
            "by them",
            "Text 1, paragraph 1",
            "It read, when you opened it",
        ):
            assert words in page
        second = typed_in(response)
        typed_texts = " ".join(str(value) for value in second.values())
        for words in ("First, by me.", "Third, by me.", "My new block.", "My reason."):
            assert words in typed_texts
        assert sent(desk, article, second).status_code == 302
        texts = [getattr(block, "text", "") for block in working_snapshot(article).blocks]
        assert texts[0] == "<p>First, by me.</p><p>Second.</p>"
        assert "<p>My new block.</p>" in texts

    def test_a_text_that_others_deleted_is_not_lost(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        first, spoken, third, card = working_snapshot(article).blocks
        mine = opened(desk, article)
        change(article, user=editor, blocks=(first, spoken, card))
        mine[f"{row_of(mine, third.key)}-text"] = "<p>Third, by me.</p>"
        response = sent(desk, article, mine)
        assert response.status_code == 200
        assert "They removed it." in response.content.decode()
        assert "<p>Third, by me.</p>" in typed_in(response).values()

    @pytest.mark.parametrize("base", ["", "0", "7", "seven", "99999999999999999999"])
    def test_a_base_that_is_none_is_refused_and_keeps_the_text(
        self, desk: Client, editor: User, base: str
    ) -> None:
        article = begin(full_story(), user=editor)
        response = sent(desk, article, opened(desk, article) | {"base": base, "headline": "Typed"})
        assert "can’t be saved to it" in messages_of(response)
        assert typed_in(response)["headline"] == "Typed"
        assert latest_revision(article.pk) == 1


class TestBadInput:
    def test_an_anonymous_quote_without_a_reason_is_refused_at_its_field(
        self, desk: Client, editor: User
    ) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article) | {"headline": "Typed meanwhile"}
        add_row(
            data, "quoteblock_set", text="<p>Long typed words.</p>", anonymous="on", description="an employee"
        )
        response = sent(desk, article, data)
        assert response.status_code == 200
        form = response.context["inline_admin_formsets"][1].formset.forms[1]
        assert form.errors == {"anonymity_reason": ["Say why they are not named: “for fear of reprisal”."]}
        assert typed_in(response)["headline"] == "Typed meanwhile"
        assert "Long typed words." in response.content.decode()
        assert latest_revision(article.pk) == 1

    def test_a_published_note_stays_as_it_was(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        go_live(article, user=editor)
        data = opened(desk, article)
        data["updatenote_set-0-text"] = "Edited away."
        response = sent(desk, article, data)
        form = response.context["inline_admin_formsets"][6].formset.forms[0]
        assert "has been published" in form.errors["text"][0]
        assert typed_in(response)["updatenote_set-0-text"] == "Edited away."

    def test_a_new_note_can_amend_one_of_the_story(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        amended = working_snapshot(article).update_notes[0].key
        data = opened(desk, article)
        add_row(data, "updatenote_set", kind="clarification", text="More exactly.", amended=str(amended))
        sent(desk, article, data)
        assert working_snapshot(article).update_notes[1].amends == amended

    def test_script_is_inert_in_every_field(self, desk: Client, editor: User) -> None:
        make_author()
        data = opened(desk) | dict.fromkeys(["headline", "dek", "dateline", "disclosure", "why"], SCRIPT)
        data["slug"] = "script"
        add_row(data, "textblock_set", text=f"<p>a</p>{SCRIPT}<p onclick='x()'>b</p>")
        add_row(data, "quoteblock_set", text=SCRIPT, speaker=SCRIPT, speaker_title=SCRIPT, source=SCRIPT)
        add_row(data, "embedblock_set", address="https://example.org/", title=SCRIPT, description=SCRIPT)
        add_row(data, "byline_set", author="ines-calder", credited_as=SCRIPT)
        add_row(data, "commentrequest_set", party=SCRIPT, status="pending", sentence=SCRIPT, shown="on")
        add_row(data, "updatenote_set", kind="correction", text=SCRIPT, was=SCRIPT, now=SCRIPT)
        assert sent(desk, None, data).status_code == 302
        article = Article.objects.get()
        for address in (
            address_of(article),
            reverse("admin:stories_article_changelist"),
            reverse("admin:stories_article_history", args=[article.pk]),
            reverse("admin:stories_article_revision", args=[article.pk, 1]),
            reverse("admin:stories_article_changes", args=[article.pk, 1]),
            reverse("admin:stories_article_publish", args=[article.pk]),
        ):
            page = desk.get(address).content.decode()
            assert "alert(1)</script>" not in page
            assert "onclick=" not in page.split("<main")[-1]

    def test_a_form_in_pieces_is_no_crash(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        assert desk.post(address_of(article), {"headline": "Only this"}).status_code == 200
        assert latest_revision(article.pk) == 1


class TestPictures:
    def test_an_uploaded_picture_becomes_a_block(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "imageblock_set", upload=picture_file(), alt_text="A mast", credit="Ines Calder")
        assert sent(desk, article, data).status_code == 302
        block = working_snapshot(article).blocks[-1]
        assert isinstance(block, domain.ImageBlock)
        assert (block.width, block.height, block.alt_text) == (40, 30, "A mast")
        assert block.picture == Picture.objects.get().pk
        preview = desk.get(reverse("admin:stories_article_picture", args=[block.picture]))
        assert preview["Content-Type"] == "image/png"

    def test_without_alt_text_the_form_comes_back_with_its_picture(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "imageblock_set", upload=picture_file(), alt_text="")
        response = sent(desk, article, data)
        assert "Say what the picture shows" in response.content.decode()
        second = typed_in(response) | {"imageblock_set-0-alt_text": "A mast"}
        assert sent(desk, article, second).status_code == 302
        assert isinstance(working_snapshot(article).blocks[-1], domain.ImageBlock)

    @pytest.mark.parametrize("digest", ["../../x", "no-picture", "\x00"])
    def test_a_hand_made_picture_is_refused_and_no_fault_of_the_site(
        self, desk: Client, editor: User, digest: str
    ) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "imageblock_set", digest=digest, alt_text="")
        assert sent(desk, article, data).status_code == 200
        assert not any(isinstance(block, domain.ImageBlock) for block in working_snapshot(article).blocks)

    def test_a_file_that_is_no_picture_is_refused_at_its_field(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "imageblock_set", upload=SimpleUploadedFile("x.png", b"no picture"), alt_text="A mast")
        response = sent(desk, article, data)
        form = response.context["inline_admin_formsets"][2].formset.forms[0]
        assert list(form.errors) == ["upload"]
        assert "can’t be read as a picture" in form.errors["upload"][0]

    def test_a_block_without_a_file_is_refused(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(desk, article)
        add_row(data, "imageblock_set", alt_text="A mast")
        form = sent(desk, article, data).context["inline_admin_formsets"][2].formset.forms[0]
        assert form.errors == {"upload": ["Choose a picture file."]}


class TestRefusals:
    def test_a_hand_made_clone_writes_nothing(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        block = article.textblock_set.get(key=working_snapshot(article).blocks[0].key)
        data = opened(desk, article) | {
            "headline": "Typed",
            "_clone": f"stories.textblock:{block.pk}",
            "_clone_region": "main",
            "_clone_ordering": "10",
        }
        response = sent(desk, article, data)
        assert response.status_code == 400
        assert "Blocks are not cloned here" in messages_of(response)
        assert typed_in(response)["headline"] == "Typed"
        assert latest_revision(article.pk) == 1
        assert article.textblock_set.count() == 2

    def test_the_page_offers_no_clone(self, desk: Client, editor: User) -> None:
        assert "Clone from region" not in desk.get(address_of(begin(user=editor))).content.decode()

    def test_stories_are_not_deleted(self, desk: Client, editor: User) -> None:
        article = begin(user=editor)
        superuser = signed_in(make_user(name="root", is_superuser=True, is_staff=True))
        for client in (desk, superuser):
            response = client.post(
                reverse("admin:stories_article_delete", args=[article.pk]), {"post": "yes"}, follow=True
            )
            assert "never deleted" in messages_of(response)
        chosen = {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"}
        superuser.post(reverse("admin:stories_article_changelist"), chosen)
        assert Article.objects.filter(pk=article.pk).exists()

    def test_a_reporter_edits_the_drafts_they_began(self, editor: User, reporter: User) -> None:
        own, others = begin(wanted("Own"), user=reporter), begin(wanted("Other"), user=editor)
        desk = signed_in(reporter)
        assert sent(desk, own, opened(desk, own) | {"headline": "Own, changed"}).status_code == 302
        assert latest_revision(own.pk) == 2
        page = desk.get(address_of(others))
        assert page.status_code == 200
        assert "textblock_set-TOTAL_FORMS" not in page.content.decode()
        data = opened(signed_in(editor), others) | {"headline": "Theirs, changed"}
        response = sent(desk, others, data)
        assert response.status_code == 403
        assert "Ask an editor to assign it to you" in messages_of(response)
        assert (
            "<strong>Read only.</strong> You may change the stories that you began" in page.content.decode()
        )
        assert latest_revision(others.pk) == 1

    def test_a_reporter_whose_draft_went_live_is_told_that_their_change_waits(
        self, editor: User, reporter: User
    ) -> None:
        article = begin(user=reporter)
        desk = signed_in(reporter)
        data = opened(desk, article) | {"dek": "Words typed for an hour"}
        version = go_live(article, user=editor)
        response = sent(desk, article, data)
        assert response.status_code == 302
        assert live_publication(article, at=timezone.now()) == version
        page = desk.get(address_of(article)).content.decode()
        assert "Readers don’t see your change yet" in page
        assert "What you change here does not go live by itself" in page
        assert reverse("admin:stories_article_offer", args=[article.pk]) in page
        assert "Readers don’t see" not in desk.get(address_of(article)).content.decode()

    def test_a_reporter_whose_story_was_withdrawn_keeps_what_they_typed(
        self, managing_editor: User, reporter: User
    ) -> None:
        article = begin(user=reporter)
        go_live(article, user=managing_editor)
        desk = signed_in(reporter)
        data = opened(desk, article) | {"dek": "Words typed for an hour"}
        withdraw(article=article, user=managing_editor, notice="It is down.", reason="A threat")
        response = sent(desk, article, data)
        assert response.status_code == 403
        assert typed_in(response)["dek"] == "Words typed for an hour"
        assert "Ask a managing editor to bring it back" in messages_of(response)
        assert "Ask a managing editor to bring it back" in desk.get(address_of(article)).content.decode()

    def test_an_editor_of_another_section_reads_why_they_may_not_edit(
        self, managing_editor: User, editor: User
    ) -> None:
        article = begin(replace(full_story(), section=make_section().pk), user=managing_editor)
        editor.sections.add(make_section("culture", "Culture"))
        desk = signed_in(editor)
        page = desk.get(address_of(article)).content.decode()
        assert "limited to the section “Culture”. This story is in the section “Technology”." in page
        assert 'name="headline"' not in page
        for name in ("publish", "embargo", "developing", "assign", "discard", "offer"):
            address = reverse(f"admin:stories_article_{name}", args=[article.pk])
            assert address not in page
            assert "in the section “Technology”" in desk.get(address).content.decode()

    def test_a_move_beyond_ones_sections_is_refused_and_keeps_what_was_typed(
        self, managing_editor: User, editor: User
    ) -> None:
        article = begin(replace(full_story(), section=make_section().pk), user=managing_editor)
        make_section("culture", "Culture")
        editor.sections.add(make_section())
        desk = signed_in(editor)
        data = opened(desk, article) | {"dek": "Typed", "section": "culture"}
        response = sent(desk, article, data)
        assert response.status_code == 403
        assert "Leave its section as it was" in messages_of(response)
        assert typed_in(response)["dek"] == "Typed"
        assert latest_revision(article.pk) == 1

    def test_who_may_not_publish_in_a_new_storys_section_is_led_to_the_offer(self, editor: User) -> None:
        make_section()
        editor.sections.add(make_section("culture", "Culture"))
        desk = signed_in(editor)
        for section, page in (("technology", "offer"), ("culture", "publish")):
            data = opened(desk, None) | {"headline": section, "slug": f"a-{section}", "section": section}
            response = desk.post(address_of(None), {**data, "_publish": "Review and publish"})
            begun = Article.objects.get(headline=section)
            assert response.headers["Location"] == reverse(f"admin:stories_article_{page}", args=[begun.pk])

    def test_an_auditor_reads_and_changes_nothing(self, editor: User, auditor: User) -> None:
        article = begin(full_story(), user=editor)
        data = opened(signed_in(editor), article)
        desk = signed_in(auditor)
        page = desk.get(address_of(article)).content.decode()
        assert "We hear you." in page
        assert 'name="headline"' not in page
        assert sent(desk, article, data | {"headline": "Changed"}).status_code == 403
        assert desk.get(address_of(None)).status_code == 403
        assert desk.post(address_of(None), data).status_code == 403
        assert Revision.objects.count() == 1

    def test_an_outsider_gets_the_login_page(self, editor: User) -> None:
        article = begin(full_story(), user=editor)
        outsider = signed_in(make_user())
        for name in ("change", "history", "publish"):
            response = outsider.get(reverse(f"admin:stories_article_{name}", args=[article.pk]))
            assert response.status_code == 302
            assert "/login/" in response.url  # type: ignore[attr-defined]

    def test_the_log_of_the_admin_holds_no_word_of_the_story(self, desk: Client, editor: User) -> None:
        article = begin(full_story(), user=editor)
        sent(desk, article, opened(desk, article) | {"headline": "A secret headline"})
        entry = LogEntry.objects.get()
        assert (entry.object_repr, entry.change_message) == (f"#{article.pk}", "Revision 2")
