"""How a language is written: its direction and numbers, and which words of a story's page are not in it."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# The site's own words inside a story, by their element or class. People's text has no classes.
_SITE_WORDS: Final = re.compile(
    r"<(?:dt|summary)(?=[ >])"
    r'|<\w+(?= (?:[^<>]* )?class="(?:[^"]* )?'
    r'(?:unseen|moved|markup-change|fate|kind|absent|unnamed|comment-line|byline|ours)[ "])'
)

# The territory with most readers of each language, from CLDR (supplemental data, likelySubtags).
_TERRITORIES: Final = dict(
    pair.split("_")
    for pair in (
        "af_ZA am_ET ar_EG az_AZ be_BY bg_BG bn_BD bs_BA ca_ES cs_CZ cy_GB da_DK de_DE el_GR en_US es_ES et_EE eu_ES "
        "fa_IR fi_FI fil_PH fr_FR ga_IE gl_ES gu_IN ha_NG he_IL hi_IN hr_HR hu_HU hy_AM id_ID ig_NG is_IS it_IT ja_JP "
        "ka_GE kk_KZ km_KH kn_IN ko_KR ku_TR ky_KG lo_LA lt_LT lv_LV mk_MK ml_IN mn_MN mr_IN ms_MY mt_MT my_MM nb_NO "
        "ne_NP nl_NL nn_NO no_NO pa_IN pl_PL ps_AF pt_BR ro_RO ru_RU si_LK sk_SK sl_SI so_SO sq_AL sr_RS sv_SE sw_TZ "
        "ta_IN te_IN tg_TJ th_TH tk_TM tr_TR ug_CN uk_UA ur_PK uz_UZ vi_VN yo_NG zh_CN zu_ZA"
    ).split()
)
_TERRITORY_OF_SCRIPT: Final = {"zh-hant": "TW", "zh-hans": "CN", "pa-arab": "PK", "uz-arab": "AF"}


def open_graph_locale(language: str) -> str:
    """Return a language tag as Open Graph writes it, language_TERRITORY: “pt_BR”; "" if no territory is known.

    A tag without a territory gets that of the site, if it has the same language, else the one with most readers.
    """
    name, *parts = language.replace("_", "-").split("-")
    name = name.lower()
    territory = next((part for part in parts if re.fullmatch(r"[A-Za-z]{2}", part)), "")
    if not territory and parts:
        territory = _TERRITORY_OF_SCRIPT.get(f"{name}-{parts[0].lower()}", "")
    site_language, _, site_territory = settings.LANGUAGE_CODE.partition("-")
    if not territory and not parts and site_language == name and len(site_territory) == 2:
        territory = site_territory
    territory = territory or _TERRITORIES.get(name, "")
    return f"{name}_{territory.upper()}" if territory else ""


def direction(language: str) -> str:
    """Return "rtl" or "ltr", for the `dir` attribute of a text with this language tag."""
    return "rtl" if language.split("-")[0].lower() in settings.LANGUAGES_BIDI else "ltr"


def format_count(number: int) -> str:
    """Return a number with its thousands grouped as in the page's language."""
    return str(number_format(number, force_grouping=True))


def mark_site_words(html: SafeString, language: str) -> SafeString:
    """Mark the site's own words within a story's HTML with the site's language, if the story has another one."""
    site_language = get_language() or settings.LANGUAGE_CODE
    if language.split("-")[0].lower() == site_language.split("-")[0].lower():
        return html
    attributes = format_html(' lang="{}" dir="{}"', site_language, direction(site_language))
    return mark_safe(_SITE_WORDS.sub(lambda match: match[0] + attributes, html))
