"""Content words: whether a word that replaced another means something else.

Words that are not known to be synonyms count as different: "beer" for "boys", "owed" for "owned".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import OSA
from simplemma import lemmatize

from stories.domain.significance.lexicon.dictionary import same_word, unknown
from stories.domain.significance.lexicon.opposed_words import FAMILIES
from stories.domain.significance.lexicon.word_groups import forms, members
from stories.domain.significance.text import Text
from stories.domain.significance.wording.verb_forms import acts_in_past

# A longer stretch is a rewritten sentence, which is significant for its number of words.
_LONGEST: Final = 3
_SHORTEST: Final = 3
_ROOT: Final = 3
# Function words, and words of place, degree and manner.
_SMALL: Final = members(
    "a an the this that these those such what which who whom whose where when why how whether here there"
    " i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her"
    " hers herself it its itself they them their theirs themselves one ones oneself anyone anybody anything"
    " everyone everybody everything someone somebody something each every either both all any some other others"
    " another own same"
    " be am is are was were been being do does did done doing have has had having will would shall should can"
    " could may might must ought get gets got getting gotten let lets let's"
    " and or but nor so yet if than then as because since while although though unless until whereas"
    " of in on at by for from with without within into onto upon to toward towards through throughout across"
    " over under above below about around against between among amid along near beside besides behind beyond"
    " before after during up down out off away back inside outside via per despite except like unlike"
    " not no very really quite pretty rather fairly too also even just still already again almost only much"
    " many more most less least few little lot lots well now today ever never always often sometimes however"
    " therefore thus hence instead indeed actually basically simply truly certainly perhaps maybe etc"
    " according including included regarding concerning it's that's there's here's they're we're you're i'm"
    " they've we've i've you've they'll we'll i'll you'll he'd she'd we'd they'd who's what's"
)
# Words before a noun; "to" and "that" also precede verbs.
_BEFORE_NOUNS: Final = members(
    "a an the this these those my our your his her its their of in on at by for from with without into against"
    " between among under over about during behind near every each some any no"
)
# Words that are easily confused.
_CONFUSED: Final = """
affect* effect*, complement* compliment*, principal+ principle+, stationary stationery, discreet
discrete, ensure* insure*, lose loose, led lead, passed past, peak peek pique, cite* site* sight*,
brake* break*, rein* reign*, capital capitol, forward foreword, vain vein vane, hoard* horde+, born
borne, breath breathe, desert dessert, aisle+ isle+, altar alter, bare bear, elicit illicit, grisly
grizzly, hangar+ hanger+, pore* pour*, premier premiere, role+ roll+, sleight slight, storey story, tail
tale, waist waste, weather whether, wave* waive*, moral morale, pubic public, canvas canvass, cord
chord, currant current, dual duel, faze phase, flair flare, lightening lightning, loath loathe, mantel
mantle, naval navel, ordinance ordnance, palate palette pallet, pedal peddle, plain plane, pray prey,
right write rite, sole soul, steal steel, their there, threw through, tortuous torturous, troop troupe,
weak week, wreak wreck, yoke yolk
"""
# Synonyms in the language of newsrooms.
_SAYING_THE_SAME: Final = """
big large huge great sizable sizeable substantial considerable, small little tiny compact modest, start*
begin begins began begun beginning commence* launch* kick open*, end* finish* conclude* complete*
close*, use* utilise* utilize* employ* apply applies applied applying, help* assist* aid* support*
enable*, buy buys bought buying purchase* acquire* get, need* require* want*, build* built construct*
create* make makes made making develop* set design* produce*, let lets letting allow* permit** enable*,
show* shown display* present* demonstrate* reveal* illustrate* indicate*, think thinks thought believe*
feel feels felt, look* seem* appear*, see sees saw seen view* notice* spot**, go goes went gone going
head* travel* move* walk* visit** leave leaves left, walk* stroll* wander* march*, run runs ran running
operate* manage* conduct* carry, ask* request* inquire* enquire* query, tell tells told inform** say
says said, talk* speak* spoke spoken chat** discuss*, talk+ speech speeches address addresses lecture+
presentation+, give gives gave given giving provide* offer* supply supplies supplied grant* hand*, get
gets got receive* obtain* gain*, keep keeps kept retain* maintain* hold holds held, change* alter*
modify modifies modified amend* adjust* revise* update*, fix fixes fixed fixing repair* mend* correct*
resolve*, find finds found discover* locate* identify identifies identified, learn* discover* read
reads, choose* chose chosen select* pick* opt, try tries tried attempt* seek sought, happen* occur**
take place, include* contain* comprise* cover* feature*, explain* describe* outline* detail* clarify,
write writes wrote written author* draft* pen penned, publish* release* issue* post*, join* connect*
link* combine* unite*, collect* gather* assemble* meet meets met, gather* convene*, watch* observe*
monitor* see, wait* await*, continue* remain* stay* keep last* persist*, return* come back, arrive* come
came reach* reaches, send sends sent mail* dispatch* forward* deliver*, plan** intend* aim* design*,
focus* focuses focused concentrate*, improve* enhance* better upgrade* strengthen* boost*, ensure*
guarantee* secure*, handle* manage* deal* address* tackle*, lead leads led head* direct* guide* run,
share* distribute*, store* keep save*, test* try trial*, check* verify verifies verified confirm*
review* examine* inspect*, study studies studied examine* analyse* analyze* research*, compare*
contrast*, consider* weigh*, expect* anticipate*, want* wish* wishes desire*, like* enjoy* love*
appreciate*, thank* appreciate*, finish* complete* wrap**, reduce* lower* decrease* cut cuts, increase*
raise* grow grew grown boost*, fast quick rapid swift speedy fastest quickest, quickly rapidly fast
swiftly speedily promptly, slow slowly, important key crucial vital essential significant critical main
major, main primary chief principal key central major leading core, new recent fresh latest novel
modern, old former previous prior earlier, current present existing, different various varied diverse
several multiple numerous, several multiple numerous various many, good great nice fine excellent, nice
pleasant lovely neat fine pretty good, sunny bright clear, simple easy straightforward basic, simply
easily, difficult hard tough challenging tricky, hard difficult, right correct proper appropriate
suitable, whole entire full complete total, full complete, special particular specific, exact precise,
clear obvious evident plain, usual normal typical common regular ordinary standard, possible potential,
likely probable, helpful useful handy valuable, interesting fascinating, beautiful pretty lovely, happy
glad pleased delighted, sad unhappy, angry upset furious, tired weary, quiet silent calm, strange odd
weird unusual peculiar, smart clever bright intelligent, famous well-known renowned, additional extra
further more added, final last, initial first early, fundamental basic, often frequently regularly,
usually normally typically generally, mostly mainly largely primarily, about roughly approximately,
nearly almost, immediately instantly promptly, soon shortly, later afterwards afterward subsequently,
finally eventually lastly, together jointly, clearly plainly obviously, especially particularly
specifically, currently presently now, previously formerly earlier before, originally initially first,
recently lately, additionally also moreover furthermore, consequently therefore thus, job+ position+
post+ role+ work, work* labour* labor*, task+ job+ duty duties, project+ effort+ initiative+ program+
programme+ scheme+, plan+ proposal+ scheme+, stage+ phase+ step+, step+ measure+, part+ portion+
section+ piece+ component+ element+, commission+ fee+ charge+, piece+ article+ story stories post+ blog+
report+, site+ website+ page+ web, page+ webpage+, tool+ utility utilities app+ application+, team+
group+ crew+ squad+ unit+ staff, group+ organisation+ organization+, staff employees employee+ personnel
workers worker+, colleague+ coworker+ co-worker+ teammate+, people persons individuals folks, person
individual+, kid+ child children youngster+, house+ home+ residence+ dwelling+, building+ structure+,
road+ street+, car+ vehicle+ automobile+, shop+ store+, town+ city cities, place+ location+ spot+ site+
venue+, area+ region+ zone+ district+, country countries nation+ state+, world globe, meeting+
gathering+ session+ event+, event+ occasion+, talk+ discussion+ conversation+ chat+, idea+ notion+
concept+ thought+, way+ manner method+ approach approaches means, method+ technique+ approach
approaches, goal+ aim+ objective+ target+ purpose+, reason+ cause+, result+ outcome+ consequence+,
problem+ issue+ challenge+ trouble+ difficulty difficulties, question+ query queries, answer+ reply
replies response+, answer* reply replies replied respond*, rule+ regulation+ guideline+, law+
legislation statute+, picture+ image+ photo+ photograph+ illustration+ graphic+, film+ movie+, book+
volume+ title+, document+ file+ paper+ record+, list+ listing+ inventory, kind+ type+ sort+ category
categories, example+ instance+ sample+, fact+ detail+, information data details info, data dataset+
figures statistics numbers, amount+ quantity quantities number+ sum+, size+ dimension+, chance+
opportunity opportunities possibility possibilities, skill+ ability abilities talent+ capability
capabilities, benefit+ advantage+, choice+ option+ selection+, change+ alteration+ modification+
adjustment+ update+, difference+ distinction+, start+ beginning+ outset, end+ close conclusion+ finish,
top summit, edge+ border+, center+ centre+ middle, evening+ night+, beginning start, user+ customer+
visitor+ reader+, customer+ client+, need+ requirement+, version+ edition+, feature+ function+
capability, software program+ application+, code script+, error+ mistake+ bug+ fault+, speech talk,
trip+ journey+ voyage+ tour+, look* gaze* stare* glance*, smile* grin**, laugh* chuckle*, cry cries
cried weep wept sob, shout* yell* cry, eat eats ate eaten dine*, sleep sleeps slept rest*, sit sits sat
seated, put puts putting place* set lay laid, take takes took taken bring brings brought carry carries
carried, hold holds held holding host*, agree* concur**, gift+ present+, rain rainfall, storm+ gale+,
sick ill unwell, rich wealthy affluent, poor needy, hall+ room+, crowd+ audience+, film* record* tape*,
lot plenty, fall autumn, mum mom mother, dad father, pupil+ student+, teacher+ instructor+, doctor+
physician+, police officers, spokesman spokeswoman spokesperson, chairman chairwoman chair chairperson,
fireman firefighter+, policeman officer+, guard* protect* safeguard* defend*, note* remark* observe*
mention* add adds added, hope* wish wishes wished, worry worries worried concern* fear*, argue* contend*
maintain* claim*, stress stressed emphasise* emphasize* underline* highlight*, suggest* propose*
recommend* advise*, demand* call* insist*, celebrate* mark*, honor* honour*, lots many, rapid quick,
brief short, short brief, long lengthy, broad wide extensive, deep profound, strong powerful robust,
solid robust, safe secure, open accessible available, available accessible, free gratis, cheap
inexpensive affordable, expensive costly pricey, real actual genuine true, true accurate correct, better
improved, best finest, worst poorest, favourite favorite preferred, ready prepared, able capable,
willing eager keen, sure certain confident, aware conscious, responsible accountable, involved engaged,
based located situated, called named dubbed titled known, understand understands understood grasp* know
knows knew known, remember* recall*, forget forgets forgot overlook*, solve* resolve*, cause* lead led
prompt* trigger* spark*, affect* influence* impact*, effect+ impact+ influence+, stop** halt* cease*
end, prevent* avoid* avert*, remove* delete* eliminate* drop**, add adds added adding include* append*,
replace* substitute* swap**, switch switches switched change* move*, turn* rotate*, fill* complete*,
empty vacant, enter* join*, host* hold organise* organize* arrange*, prepare* ready, teach teaches
taught train* instruct*, train* coach, practice* practise*, perform* execute* carry, play* perform*,
act* behave*, serve* provide*, save* spare*, spend spends spent pay paid, cost+ price+ expense+, fund*
finance* sponsor*, money funds cash funding, lasting permanent enduring, ongoing continuing continued,
upcoming forthcoming coming next, nearby close, distant far remote, several some few, dozens scores,
roughly around, alongside beside, amongst among, whilst while, toward towards, till until, upon on, amid
during, regarding concerning about, due owing, thanks due, despite notwithstanding, besides apart, folks
people, guy+ man, lady woman, ladies women, guys men people
"""
# Endings of other forms of a word, or of closely related words.
_ENDINGS: Final = members(
    "s es ed d ety ous ing ion ions ation ations er ers or ors r rs ive al ally ly y ily ies ied ity ment"
    " ments ness able ible est st en n ence ance ent ant ful ic ical ise ize ised ized ising izing e es"
    " ure 's"
)


def _classes() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(f"{_SAYING_THE_SAME},{_CONFUSED}".split(",")):
        for item in group.split():
            for word in forms(item):
                found.setdefault(word, set()).add(number)
    return found


_SAME: Final = _classes()


def reworded(
    old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int], language: str
) -> bool:
    """Return whether a word was replaced by one that is about something else.

    That is so if the two differ by a letter or two ("owned", "owed"), or are nouns behind an article or preposition
    ("the beer"). Another verb or adjective is wording, unless it changes the meaning.
    """
    if max(old_range[1] - old_range[0], new_range[1] - new_range[0]) > _LONGEST:
        return False
    before, after = list(_content(old, old_range)), list(_content(new, new_range))
    words = [old.words[i].norm for i in before], [new.words[j].norm for j in after]
    if len(before) != len(after) or sorted(words[0]) == sorted(words[1]):
        return False
    return any(
        one != other
        and (_near(one, other) or (_is_noun(old, i) and _is_noun(new, j)))
        and not _alike(one, other, language)
        for i, j, one, other in zip(before, after, *words, strict=True)
    )


def _content(text: Text, span: tuple[int, int]) -> Iterator[int]:
    for number in range(*span):
        word = text.words[number].norm
        if len(word) >= _SHORTEST and word not in _SMALL and word.replace("-", "").replace("'", "").isalpha():
            yield number


def _near(one: str, other: str) -> bool:
    """Return whether two words differ by so few letters that one may be misread for the other."""
    return OSA.distance(one, other) <= (2 if min(len(one), len(other)) > _SHORTEST else 1)


def _is_noun(text: Text, number: int) -> bool:
    """Return whether a word ends a noun phrase that begins with an article or a preposition."""
    words = text.words
    before = words[number - 1].norm if number else ""
    if before not in _BEFORE_NOUNS and not before.endswith(("'s", "s'")):
        return False
    end = text.plain[words[number].end : words[number + 1].start] if number + 1 < len(words) else "."
    following = words[number + 1] if number + 1 < len(words) else None
    return bool(end.strip()) or following is None or following.norm in _SMALL or acts_in_past(following)


def _alike(one: str, other: str, language: str) -> bool:
    """Return whether two words mean much the same, as far as word lists and their letters tell."""
    if unknown(one, language) or unknown(other, language):
        # A possible misspelling, or a word that is too new for the lists.
        return True
    if _SAME.get(one, set()) & _SAME.get(other, set()) or same_word(one, other, language):
        return True
    if any(family.get(one, one) == family.get(other, other) for family in FAMILIES):
        return True
    if any(_form_of(*pair) for pair in ((one, other), (other, one))):
        return True
    code = language.lower()[:2]
    return lemmatize(one, code, low_memory=True) == lemmatize(other, code, low_memory=True)


def _form_of(one: str, other: str) -> bool:
    """Return whether two words share their beginning, and have the endings of forms of one word."""
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    if shared < _ROOT:
        return False
    for at in (shared, shared - 1):
        ends = one[at:], other[at:]
        if at >= _ROOT and all(not end or end in _ENDINGS for end in ends) and set(ends) != {"", "e"}:
            return True
    doubled = one[shared:]
    return (
        bool(doubled) and other == one[:shared] and doubled[0] == one[shared - 1] and doubled[1:] in _ENDINGS
    )
