"""Words that matter if added or removed: denials, hedges, limits, conditions, law, life and death.

Words of one group mean the same ("perhaps", "maybe"): replacing one by another is wording.
"""

from __future__ import annotations

from stories.domain.significance.lexicon.word_groups import groups, members

# "n't" and "cannot" are split before they are looked up. Negations of other languages are included, since English
# stories quote them.
NEGATIONS = members(
    "not no never none nobody nothing nowhere neither nor without hardly barely scarcely cannot nay nope"
    " non ain't nicht kein keine keinen keiner keinem nie niemals nichts niemand nunca jamás nadie ningún"
    " ninguno ninguna tampoco jamais aucun aucune senza niente nessuno nessuna não nem ninguém nenhum"
    " nenhuma"
)

# Denials of more languages: a comma behind one of them may turn the sentence.
DENIALS_ELSEWHERE = members(
    "niet geen nooit niemand inte ingen inget inga aldrig ikke ikkje ingenting nigdy nikt nelze nikdy nikdo nu nem"
    " soha senki semmi ei не ні нет нельзя ни никогда никто ничего ничто ніколи ніхто няма никого δεν δε μην μη όχι"
    " ποτέ κανείς κανένας τίποτα değil yok hayır asla لا لم لن ليس ليست غير لیس לא אין אל नहीं न मत ना না নাই नाही نہیں"
    " نه نیست 不 没 沒 未 非 無 无 別 别 勿 莫 không chưa đừng tidak bukan jangan hindi hapana"
)

_DENYING = """
fail* failure+, refuse* refusal+, decline*, neglect*, avoid*, stop** halt* cease*, lack*, prevent*
hinder*, omit**, cancel* cancelled cancelling, abandon*, forbid** forbade forbidden ban** banned
prohibit* outlaw*, allowed permitted, reject*, blocked, veto vetoes vetoed, delay* postpone*, missed,
forget** forgot forgotten, unable incapable, able, except excluding, despite, false falsely untrue, true
truly, fake faked, wrong wrongly, rarely seldom, always, ever, sometimes occasionally, often frequently,
anymore longer
"""
_HEDGES = """
perhaps maybe possibly perchance, probably likely presumably presumed, reputed reputedly putative supposed,
unlikely improbable, apparently seemingly evidently apparent, supposedly ostensibly purportedly, might, may,
could, must, should ought, potentially potential, conceivably, arguably, almost nearly virtually
practically, partly partially somewhat, mainly mostly largely, fully, entirely wholly completely totally,
suspected suspect+ suspicion, alleged allegedly reportedly, rumored rumoured rumor+ rumour+, unconfirmed,
unverified unproven, proven, certainly definitely undoubtedly surely obviously, seem* appear*, understood,
known, believe*, think* thought, guess*, assume*, doubt*, so-called, would-be, attempted attempt* tried,
planned, intend*, hope*, expect*, self-defence self-defense, accidentally accidental inadvertently
unintentionally, deliberately, intentionally purposely knowingly wilfully willfully deliberate intentional,
voluntarily voluntary, forcibly forced, secretly secret covert, openly, temporarily temporary, permanently
permanent, initially, eventually, only sole solely exclusively merely, exactly precisely, approximately
"""
_LIMITS = """
least minimum minimal, maximum maximal, half, none, few, most
"""
_CONDITIONS = """
unless, if provided, until till, because due owing, although though despite, whether, conditionally
conditional, unconditionally unconditional, pending, contingent, assuming supposing
"""
_LAW = """
charge*, convict* conviction+, acquit** acquittal+, guilty guilt, innocent innocence, arrest*, detain*
detention, indict* indictment+, sentence*, jail* imprison* imprisonment, plead* pleaded pled, sue*
lawsuit+, fined, fired, resign* resignation+, dismiss* dismissal+, suspend* suspension+, illegal
illegally unlawful unlawfully, legal legally lawful lawfully, prosecute* prosecution+, persecute*
persecution, exonerate* cleared, pardon*, extradite*, deport*, accuse* accusation+, investigate*,
confess* confession+, bribe* bribery, corrupt corruption, uphold upholds upheld, overturn* overturned
overrule*, appeal*, settled, apologise* apologize* apology, bail, parole, probation, custody, fugitive,
wanted, culprit+, offender+, felony felonies, misdemeanor misdemeanour, perjury, treason, libel slander
defame*, terrorist+ terrorism, genocide, massacre*, atrocity atrocities, torture*, incite* incited
inciting, defect*, intern*, armed, unarmed, support*, oppose*, linked, cause*, blame* fault, liable,
responsible, negligent negligence, impeach* impeachment, evict*, expel** expulsion, withdraw withdrew
withdrawn, discharge*, waive*, revoke*, former ex formerly erstwhile, embezzle*, launder*, smuggle*,
forge* forgery, extort*, blackmail*, cheat*, deceive* mislead misled, hacked, spy spies spied spying,
leak*, hide hid hidden conceal*
"""
_BODY = """
kill*, murder* homicide, manslaughter, die* died dying dead death+ deadly, alive survive* survivor+,
injure* injury, wound* hurt, rape* raped, assault*, abuse*, fraud fraudulent, steal* stole stolen theft+
thief thieves, rob** robbery, shoot shot shooting+, stab**, beat beaten, attack*, bomb*, execute*
execution+, suicide, drown*, poison*, kidnap**, abduct*, harass* harassment, molest*, strangle*,
threaten* threat+, crash*, explode* explosion+, burn*, infect*, pregnant pregnancy, abortion+,
miscarriage, cancer, hiv aids, overdose*, drunk intoxicated sober, addict+, addicted, hospitalised
hospitalized, disabled, blind, deaf, paralysed paralyzed, comatose, cured cure*, fatal fatally, critical
critically, stable, unconscious conscious, healthy, sick ill, immoral, immortal, mortal, lie lies lied,
lying liar+, racist+ racism, sexist sexism, fascist+ nazi+, bigot+, extremist+, radical+ radicals,
thug+, criminal+, crook+ crooked, coward+ cowardly, predator+, disgraced, embattled, notorious infamous,
controversial
"""

WEIGHTY: dict[str, str] = {
    **groups(_DENYING),
    **groups(_HEDGES),
    **groups(_LIMITS),
    **groups(_CONDITIONS),
    **groups(_LAW),
    **groups(_BODY),
    **dict.fromkeys(NEGATIONS, "not"),
    # One negation for another is no change, but these say who or what is denied.
    **{word: word for word in "without nor neither nobody nothing nowhere never none".split()},
}
# Words that set a limit if a figure follows. "over" and "more than" mean the same.
BEFORE_FIGURE: dict[str, str] = groups(
    """
    many much, more over above exceeding, less fewer under below, about around roughly approximately
    circa some, up, least, most, nearly almost, exactly precisely, just barely, beyond, within,
    every, another additional
    """
)
