"""Words that change the meaning if one replaces another of its family."""

from __future__ import annotations

from stories.domain.significance.lexicon.word_groups import families, members

# Classes of a family are separated by "/"; words of one class mean much the same.
FAMILIES = families(
    """
will would shall/may might can could/must should ought/did does do
is are was were am be/has have had
all every each everyone everybody always both everything/most majority mostly usually many often/some
    several few sometimes someone somebody any minority little something/none nobody never nothing
more greater higher larger bigger better over above exceeds/less fewer lower smaller worse under
    below/equal same
most/least
maximum max/minimum min
largest biggest greatest highest longest tallest/smallest littlest lowest shortest least
best/worst
before earlier/after later/during/until till/since
now/then/soon
if/unless/because/although though/when whenever/while/whether
and/or
both/one/neither none/all every/some several/most/few
ago/hence
last previous past/next coming upcoming following future/current present this
first/second/last final
early earlier earliest/late later latest
for/against
by/against
by/to
to/from
into/from
with/without
with/against
in inside within into on onto/out outside off
sharply steeply dramatically significantly substantially greatly hugely massively severely badly
    drastically sharp steep dramatic significant/slightly marginally modestly barely mildly minimally
    slight marginal modest negligible
native+ local+/foreigner+ foreign stranger+ outsider+
united unite* unity/divided divide* division+ split
known/unknown
much many lot/little few
repeal* repealed/enact* enacted pass passed
impose* imposed/lift* lifted
escape* fled flee/release* freed
recall*/recruit*
air/water/land/sea/rail/road
attend*/skip** skipped boycott* miss missed
join*/leave leaves left quit
spend spends spent spending/save saves saved saving
hire* hiring/fire* firing
get got gain*/lose lost
ask* asked/answer* answered/order* ordered/beg** begged
subsidise* subsidize*/tax*
speak spoke spoken talk*/listen* listened
send sends sent/receive* received
lead leads led/follow*
continue* kept keep keeps/stop** quit end ended
extend* lengthen*/shorten* curtail*
freeze* froze frozen/thaw* unfreeze*
lock*/unlock*
arm arms armed/disarm* disarmed
honor* honour* obey* comply complied/break broke broken violate* flout* defy defied breach*
keep kept/break broke broken
found find finds/lose lost
profit+/nonprofit+
only/also
once/often always
lone single sole one/several many multiple
bury buried/exhume* unearth*
humanitarian/military
legalise* legalize*/criminalise* criminalize*
nationalise* nationalize*/privatise* privatize*
release* released free freed/hold held detain* detained jail jailed
believe*/doubt* disbelieve*
calm* soothe*/provoke* anger* inflame*
show shows showed shown reveal*/hide hides hid hidden conceal*
respect*/insult* offend* disrespect*
honest truthful/dishonest lying
under/above
single/married/divorced/widowed
asset+/debt+ liability
up upwards upward/down downwards downward
above over/below under beneath underneath
left leftist leftwing left-wing/right rightist rightwing right-wing/centre center centrist
north northern northward/south southern southward/east eastern eastward/west western westward/northeast
    north-east northeastern/northwest north-west northwestern/southeast south-east
    southeastern/southwest south-west southwestern/central
increase* rise rises rose risen rising up gain* grow grows grew growing grown growth soar* climb* surge*
    jump*/decrease* fall falls fell fallen falling down lose loses lost drop** decline* shrink shrinks
    shrank shrunk shrinking plunge* slump* sink sank
raise* boost* expand* strengthen*/cut cuts cutting reduce* lower* slash* weaken* curb*
win wins won winning winner+ victory victories/lose loses lost losing loser+ defeat* loss losses/draw
    drew tie tied
accept* approve* adopt* embrace* welcome* endorse* back* support* favor* favour*/reject* refuse* oppose*
    veto vetoed block* condemn* denounce* criticise* criticize*/abstain*
agree* agreement/disagree* disagreement
pass passes passed/fail* reject*
buy buys bought buying purchase* buyer+ acquire*/sell sells sold selling seller+ sale sales
lend lends lent lender+ loan*/borrow* borrower+
give gives gave given giving donate*/take takes took taken taking/receive* get got
pay pays paid paying/owe owes owed owing/earn*/charge*
employ* hire* hired appoint*/fire fires fired sack* dismiss* lay laid
import* importer+/export* exporter+
plaintiff+ claimant+ accuser+ prosecutor+ prosecution/defendant+ accused defence defense/judge+/juror+
    jury
victim+/attacker+ assailant+ suspect+ perpetrator+ culprit+ killer+ murderer+ rapist+ gunman gunmen
    shooter+/witness witnesses bystander+/hero heroes
landlord+/tenant+
employer+ boss bosses owner+ manager+ management/employee+ worker+ staff labourer+ laborer+
teacher+ professor+/student+ pupil+
doctor+ physician+ surgeon+/nurse+/patient+
debtor+/creditor+
host+ hosts/guest+
parent+ mother+ father+/child children son+ daughter+
    kid+/uncle+/aunt+/grandfather+/grandmother+/cousin+
mother+ mum mom/father+ dad
son+/daughter+
brother+/sister+
husband+/wife wives/girlfriend+/boyfriend+/partner+/widow+/widower+
he him his himself man men male boy+ gentleman/she her hers herself woman women female girl+ lady/they
    them their theirs themself themselves
i me my mine myself/you your yours yourself/we us our ours/he him his/she her hers/they them their
    theirs
who/whom/whose
friend+ ally allies/enemy enemies foe+ rival+ opponent+
public publicly/private privately secret secretly
domestic national/foreign international/local
open opens opened opening/close closes closed closing shut shuts
begin begins began begun start*/end ends ended ending finish* stop** stopped
arrive* arrival+ enter*/leave leaves leaving depart* departure+ exit*
come comes came coming/go goes went gone going
push* pushed/pull*
attack*/defend* defended defence defense/retreat*
invade* invasion+/withdraw withdrew withdrawal+/liberate* liberated
war+/peace ceasefire truce
allow* permit** let lets enable*/forbid forbids forbade forbidden ban bans banned prohibit* prevent* bar
    barred
require* mandatory compulsory obligatory/optional voluntary allow*
remember*/forget forgets forgot forgotten
love loves loved like liked/hate hates hated dislike* despise*
praise* laud* applaud*/blame* criticise* criticize* condemn* denounce* slam slammed blast blasted
trust*/distrust* mistrust* suspect* suspected
deny denies denied denying/confirm* admit admits admitted acknowledge*/claim* claimed
prove proves proved proven/disprove* disproved refute*
succeed* success successful successfully/fail* failure failed unsuccessful unsuccessfully
include* including/exclude* excluding except
create* build builds built construct*/destroy* demolish* ruin*
save saves saved rescue*/kill* destroy* lose lost
heal* cure* treat*/harm* injure* hurt wound*
add adds added adding/remove* subtract* delete*
multiply multiplied/divide* divided
ahead/behind
near close nearby/far distant
inside/outside
front/back rear behind
home/away visiting
will/had has have did
top/bottom
high higher highest/low lower lowest
long longer longest/short shorter shortest/brief
big large huge major great enormous/small little tiny minor slight
wide broad/narrow
deep/shallow
thick/thin
heavy/light
hot warm/cold cool
wet/dry
fast quick quickly rapid rapidly swift/slow slowly gradual gradually
hard difficult tough/easy easily simple
loud/quiet silent
new newly newer newest/old older oldest ancient
young younger youngest/old older oldest elderly
rich wealthy affluent/poor impoverished broke
strong powerful mighty/weak powerless feeble
full/empty
alive living/dead deceased
healthy well/sick ill unwell
safe safely secure harmless/dangerous dangerously unsafe hazardous risky harmful deadly
clean cleaner/dirty polluted contaminated
cheap inexpensive affordable/expensive costly dear
free/paid
guilty/innocent
true truth truly correct correctly accurate accurately right rightly real genuine/false falsely lie lies
    incorrect incorrectly inaccurate wrong wrongly fake bogus
good well better best/bad badly worse worst poor poorly
right/wrong
positive/negative
active/passive/inactive
major/minor
majority/minority
superior/inferior
senior/junior
internal/external
upper/lower
maximum/minimum
urban/rural
civilian+/military soldier+ troops combatant+ fighter+ militant+
volunteer*/conscript+
permanent/temporary
sudden/gradual
direct directly/indirect indirectly
total/partial
always/never/sometimes/often frequently/rarely seldom
frequent/rare
common/rare uncommon
everywhere/nowhere/somewhere
everything/nothing/something
everyone everybody/nobody/someone somebody
anyone anybody/everyone everybody
alone/together
separate separately/joint jointly
same identical/different
similar/different dissimilar
win/draw/loss
liberal+ progressive+/conservative+/socialist+/communist+/fascist+/moderate+/radical+
republican+/democrat+ democratic
christian+/muslim+ islamic/jewish jew+/hindu+/buddhist+/sikh+/atheist+/catholic+/protestant+
sunni+/shia shiite+
black/white/brown/asian/hispanic latino/indigenous native
gay/straight/lesbian/bisexual
red/green/blue/yellow/orange/purple/black/white/pink/brown/grey gray
gold/silver/bronze
cat+/dog+/horse+
car+/truck+ lorry lorries/bus buses/train+/plane+ aircraft/bicycle+ bike+/motorcycle+/boat+ ship+
gun+ pistol+ rifle+ firearm+/knife knives/bomb+/car+
spring/summer/autumn fall/winter
morning+ dawn/afternoon+/evening+ dusk nightfall night+ overnight/midday noon/midnight
today/yesterday/tomorrow/tonight
daily/weekly/fortnightly biweekly/monthly/quarterly/yearly annually annual/hourly/biannual
single/double/triple/quadruple
once/twice/thrice
unanimous unanimously/divided narrowly
federal/state/local/municipal city
president+/minister+/senator+/mayor+/governor+/judge+/secretary secretaries/chancellor+/ambassador+
king+/queen+/prince+/princess princesses/emperor
credit*/debit*
profit* gain*/loss losses deficit+
surplus surpluses/deficit+ shortage+
asset+/liability liabilities
supply supplies/demand+
income+ revenue+/expense+ expenditure+ cost+
inflation/deflation
deposit*/withdrawal+ withdraw
tax taxes/subsidy subsidies
gross/net
wholesale/retail
offence offense/defence defense
cause+ causes/effect+ consequence+ result+
question+/answer+
problem+/solution+
beginning/end
entrance/exit
freedom liberty/slavery prison captivity
hope/despair
courage bravery/cowardice fear
victory/defeat
birth+ born/death+ died
marriage+ married wedding/divorce* divorced single/widowed engaged
likely/unlikely/certain
possible/impossible/certain
appointed/elected/fired
elected/defeated
promoted promotion/demoted demotion
rewarded reward/punished punish punishment
encourage*/discourage* deter**
persuade*/dissuade*
attract*/repel**
advance*/retreat*
upgrade*/downgrade*
upstream/downstream
upstairs/downstairs
onshore/offshore
online/offline
indoor indoors/outdoor outdoors
overweight/underweight
overestimate* overstate*/underestimate* understate*
inhale*/exhale*
immigrate* immigrant+ immigration/emigrate* emigrant+ emigration
inbound/outbound
ascend*/descend*
vertical/horizontal
clockwise/counterclockwise anticlockwise
moral/amoral immoral
typical/atypical
political/apolitical
symptomatic/asymptomatic
toward towards/away
forward forwards onward onwards/backward backwards
leeward/windward
uphill/downhill
inland/offshore
plus/minus
capped limited/start starts starting
private+/corporal+/sergeant+/lieutenant+/captain+/colonel+/general+/brigadier+/marshal+/admiral+/commander+
uncle+/aunt+/nephew+/niece+/cousin+
bride+/groom+ bridegroom+
sender+/recipient+
guardian+/ward+
ancestor+ predecessor+/descendant+ successor+
bishop+/archbishop+/cardinal+/pope+/priest+/deacon+/monk+/nun+
veteran+ vet/veterinarian+
baby babies infant+/toddler+/child children/teenager+ teen+/adult+/pensioner+
accused/convicted/acquitted/charged/arrested/indicted/suspected/cleared/exonerated/sentenced/jailed/questioned/sought/wanted
lied/erred misspoke mistaken
"""
)

_FAMILIES_OF: dict[str, list[int]] = {}
for _number, _family in enumerate(FAMILIES):
    for _word in _family:
        _FAMILIES_OF.setdefault(_word, []).append(_number)

_GOOD = members(
    "clean honest careful good great excellent fair kind brave brilliant wise smart competent able"
    " efficient effective effectively successful successfully reliable trustworthy loyal generous gentle"
    " decent noble ethical moral proper responsible thorough transparent open calm polite respectful"
    " humble modest tolerant peaceful peacefully safe secure sound solid strong robust healthy thriving"
    " prosperous popular beloved respected admired acclaimed esteemed celebrated renowned talented gifted"
    " skilled skilful skillful capable qualified experienced professional dedicated diligent hardworking"
    " industrious prudent sensible reasonable rational balanced accurate correct precise true genuine"
    " authentic legitimate lawful legal innocent just justly humane compassionate caring warm friendly"
    " cordial pleasant happy happily glad pleased delighted satisfied proud hopeful optimistic confident"
    " beautiful handsome lovely elegant charming delicious fresh pure clear bright superb outstanding"
    " exceptional exemplary impressive remarkable wonderful marvellous marvelous magnificent splendid"
    " fantastic heroic courageous fearless patriotic principled sincere truthful candid frank virtuous"
    " worthy beneficial helpful useful valuable constructive positive productive profitable fruitful"
    " flourishing improved better best triumphant victorious praised applauded welcomed lauded hailed"
    " commended honoured honored trusted cheered adequate sufficient ample abundant stable steady orderly"
    " neat tidy smooth smoothly flawless perfect perfectly spotless carefully honestly fairly kindly"
    " bravely wisely properly responsibly calmly politely generously gently"
)
_BAD = members(
    "dirty crooked sloppy bad terrible awful unfair cruel cowardly foolish stupid dumb incompetent inept"
    " inefficient ineffective ineffectively failed failing unreliable untrustworthy disloyal greedy stingy"
    " harsh indecent ignoble unethical immoral improper irresponsible careless reckless negligent opaque"
    " secretive hostile rude disrespectful arrogant haughty intolerant violent violently dangerous"
    " insecure unsound flimsy weak frail unhealthy struggling bankrupt unpopular hated despised disgraced"
    " reviled discredited notorious infamous obscure talentless unskilled incapable unqualified"
    " inexperienced amateurish lazy idle imprudent senseless unreasonable irrational biased inaccurate"
    " incorrect imprecise false fake bogus phony illegitimate unlawful illegal guilty unjust unjustly"
    " inhumane heartless callous cold unfriendly unpleasant sad unhappy sorry angry angrily furious upset"
    " disappointed ashamed hopeless pessimistic nervous ugly hideous crude vile disgusting stale impure"
    " murky dark poor poorly mediocre shoddy dreadful horrible horrific appalling dismal disastrous"
    " catastrophic treacherous traitorous unprincipled insincere dishonest deceitful lying corrupt sinful"
    " unworthy harmful useless worthless destructive negative unproductive unprofitable fruitless"
    " declining worse worst defeated criticised criticized condemned denounced mocked jeered booed"
    " inadequate insufficient scarce unstable shaky disorderly messy chaotic rough flawed faulty defective"
    " botched bungled tainted filthy carelessly dishonestly unfairly cruelly foolishly improperly"
    " recklessly rudely greedily evil wicked sinister brutal brutally vicious savage ruthless abusive"
    " racist sexist toxic shameful scandalous outrageous ridiculous absurd pathetic clumsy crazy insane"
    " mad drunk vain vengeful jealous bitter bloody deadly fatal criminal"
)


def opposed(old: list[str], new: list[str]) -> bool:
    """Return whether a word was replaced by one of its family that means something else ("all" for "some")."""
    before, after = _classes(old), _classes(new)
    if any(classes != after[family] for family, classes in before.items() if family in after):
        return True
    return _praised(old) * _praised(new) < 0


def has_opposite(word: str) -> bool:
    """Return whether a word belongs to such a family."""
    return word in _FAMILIES_OF


def _classes(words: list[str]) -> dict[int, set[str]]:
    """Return the classes of words, by family."""
    found: dict[int, set[str]] = {}
    for word in words:
        for family in _FAMILIES_OF.get(word, ()):
            found.setdefault(family, set()).add(FAMILIES[family][word])
    return found


def _praised(words: list[str]) -> int:
    good = any(word in _GOOD for word in words)
    bad = any(word in _BAD for word in words)
    return good - bad
