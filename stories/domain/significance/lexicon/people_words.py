"""Words that say who or what a person is: nation, faith, sex, age, standing, office, trade."""

from __future__ import annotations

from stories.domain.significance.lexicon.word_groups import groups, members

# Nations and peoples in lower case; capitalised, they count as names anyway.
_NATIONS = """
afghan+ afghanistan, african+ africa, albanian+ albania, algerian+ algeria, american+ america, angolan+
angola, arab+ arabic arabian, argentine argentinian+ argentina, armenian+ armenia, asian+ asia,
australian+ australia, austrian+ austria, azerbaijani+ azeri azerbaijan, bangladeshi+ bangladesh,
belarusian+ belarus, belgian+ belgium, bolivian+ bolivia, bosnian+ bosnia, brazilian+ brazil, british
britain briton+, bulgarian+ bulgaria, burmese burma, cambodian+ cambodia, canadian+ canada, chechen+
chechnya, chilean+ chile, chinese china, colombian+ colombia, congolese congo, croat+ croatian+ croatia,
cuban+ cuba, czech+ czechia, dane+ danish denmark, dutch holland, ecuadorian+ ecuador, egyptian+ egypt,
english england, eritrean+ eritrea, estonian+ estonia, ethiopian+ ethiopia, european+ europe, filipino+
philippines, finn+ finnish finland, french france, georgian+ georgia, german+ germany, ghanaian+ ghana,
greek+ greece, guatemalan+ guatemala, haitian+ haiti, hungarian+ hungary, icelandic iceland, indian+
india, indonesian+ indonesia, iranian+ iran persian+, iraqi+ iraq, irish ireland, israeli+ israel,
italian+ italy, jamaican+ jamaica, japanese japan, jordanian+ jordan, kazakh+ kazakhstan, kenyan+ kenya,
korean+ korea, kosovar+ kosovo, kurd+ kurdish, kuwaiti+ kuwait, kyrgyz, latvian+ latvia, lebanese
lebanon, liberian+ liberia, libyan+ libya, lithuanian+ lithuania, macedonian+ macedonia, malaysian+
malaysia, malian+ mali, mexican+ mexico, moldovan+ moldova, mongolian+ mongolia, moroccan+ morocco,
nepali nepalese nepal, nicaraguan+ nicaragua, nigerian+ nigeria, nigerien niger, norwegian+ norway,
pakistani+ pakistan, palestinian+ palestine, panamanian+ panama, paraguayan+ paraguay, peruvian+ peru,
polish poland pole+, portuguese portugal, qatari+ qatar, romanian+ romania, russian+ russia, rwandan+
rwanda, saudi+, scot+ scottish, scotland, senegalese senegal, serb+ serbian+ serbia, slovak+ slovakia,
slovenian+ slovenia, somali+ somalia, soviet+, spanish spain spaniard+, sudanese sudan, swede+ swedish
sweden, swiss switzerland, syrian+ syria, taiwanese taiwan, tajik+, tanzanian+ tanzania, thai+ thailand,
tibetan+ tibet, tunisian+ tunisia, turk+ turkish turkey, turkmen, ugandan+ uganda, ukrainian+ ukraine,
uruguayan+ uruguay, uyghur+ uighur+, uzbek+ uzbekistan, venezuelan+ venezuela, vietnamese vietnam, welsh
wales, yemeni+ yemen, zambian+ zambia, zimbabwean+ zimbabwe, roma romani gypsy gypsies, sami, inuit,
maori, aboriginal+, hutu+, tutsi+, rohingya, berber+, zulu+, western eastern
"""
_TRAITS = """
black+, white+, brown, coloured colored, hispanic+, latino+ latina+ latinx, indigenous native+,
mixed-race biracial, caucasian+, muslim+ islamic moslem+ islamist+, christian+, jew+ jewish, hindu+,
buddhist+, sikh+, atheist+, catholic+, protestant+, evangelical+, orthodox, mormon+, sunni+, shia
shiite+, secular, religious, kosher, halal, gay+ homosexual+, lesbian+, bisexual+, transgender trans
transsexual+, straight heterosexual+, queer, nonbinary, male+, female+, man men, woman women, boy+,
girl+, gentleman gentlemen, lady ladies, guy+, widow+, widower+, wife wives, husband+, girlfriend+,
boyfriend+, fiancé fiancée, mother+, father+, son+, daughter+, brother+, sister+, twin+, orphan+,
stepfather stepmother stepson stepdaughter, child children kid+, teenager+ teenage teen+ adolescent+,
toddler+, baby babies infant+, adult+, elderly, pensioner+ retiree+, minor+, juvenile+, middle-aged,
adopted adoptive, foster, estranged, biological, surrogate, lieutenant, incoming, elected, unelected,
appointed, exiled, ousted, decorated, licensed, unlicensed, certified, ordained, defrocked, disbarred,
naturalised naturalized, off-duty, on-duty, plainclothes, uniformed, masked, hooded, immigrant+,
migrant+, refugee+, undocumented, foreign-born, native-born, citizen+, resident+, foreigner+ alien+,
veteran+, homeless, unemployed jobless, wealthy rich, poor, disabled, handicapped, mentally, autistic,
single, married, divorced, unmarried, widowed, bereaved, retired, late, vice, deputy, acting, interim,
provisional, caretaker, assistant, associate, honorary, emeritus, aspiring, incumbent, outgoing,
self-proclaimed self-described self-styled, junior, senior, chief, ranking, disgraced, convicted,
celebrity celebrities, millionaire+, billionaire+, liberal+, conservative+, republican+, democrat+
democratic, communist+, socialist+, progressive+, leftist+, rightist+, left-wing leftwing, right-wing
rightwing, far-right, far-left, centrist+, anarchist+, monarchist+, separatist+, nationalist+,
populist+, feminist+, pro-life, pro-choice, anti-abortion, zionist+, supremacist+, loyalist+, unionist+
"""
_ROLES = """
police policeman policemen policewoman officer+ cop+ constable+, protester+ protestor+ demonstrator+,
rioter+, soldier+, troop+, corporal+, sergeant+, lieutenant+, colonel+, brigadier+, admiral+,
commander+, marshal+, veteran+, veterinarian+, army, navy, militia+ militiamen, rebel+ insurgent+,
guerrilla+, terrorist+, militant+, civilian+, guard+, driver+ motorist+, cyclist+ biker+ bicyclist+,
pedestrian+, passenger+, pilot+, captain+, sailor+, doctor+ physician+, surgeon+, nurse+, patient+,
therapist+, dentist+, teacher+, professor+, student+ pupil+, principal+, headmaster+, lawyer+ attorney+
solicitor+ barrister+, judge+, jury jurors juror, prosecutor+, plaintiff+, defendant+, witness,
detective+, sheriff+, inmate+ prisoner+ convict+, warden+, suspect+, victim+, attacker+ assailant+,
gunman gunmen, shooter+, killer+ murderer+, rapist+, thief thieves, robber+ burglar+, hacker+, spy
spies, mayor+, governor+, senator+, congressman congressmen congresswoman, councillor+ councilor+
councilman councilwoman, council+, minister+, president+, chancellor+, ambassador+, diplomat+, king+,
queen+, prince+, princess, pope, bishop+, priest+, pastor+, imam+, rabbi+, nun+, monk+, worshipper+,
boss bosses, owner+, manager+, director+, chairman, chairwoman chair chairperson, executive+, founder+,
investor+, shareholder+, banker+, employer+, employee+ worker+, labourer+ laborer+, union+, striker+,
farmer+, fisherman fishermen, miner+, engineer+, scientist+ researcher+, journalist+ reporter+, editor+,
photographer+, blogger+, author+ writer+, actor+ actress actresses, singer+, musician+, artist+,
athlete+ player+, coach coaches, referee+ umpire+, fan+ supporter+, opponent+, critic+, neighbour+
neighbor+, landlord+, tenant+ renter+, buyer+, seller+, customer+ client+ shopper+, vendor+ supplier+,
tourist+ visitor+, teenager+, parent+, mother+ mum mom, father+ dad, uncle+, aunt+, cousin+, nephew+,
niece+, grandfather+, grandmother+, crowd+ mob+, gang+ gangster+, cartel+, voter+, candidate+,
taxpayer+, volunteer+, activist+, lobbyist+, donor+, firefighter+ fireman firemen, paramedic+ medic+,
rescuer+, hostage+, kidnapper+, smuggler+, trafficker+, dealer+, bystander+, hunter+, butcher+, baker+,
cook+ chef+, waiter+, waitress waitresses, cleaner+ janitor+, carpenter+, plumber+, electrician+,
mechanic+, trucker+, landowner+, settler+, colonist+, slave+, maid+, servant+, dog+, cat+, bear+, son+,
daughter+, brother+, sister+, wife wives, husband+, girlfriend+, boyfriend+, partner+, ex-wife
ex-husband, fiancé fiancée, widow+ widower+, stepson stepdaughter stepfather stepmother, child children
kid+, baby babies infant+, adult+, friend+, stranger+, colleague+, aide+ assistant+, adviser+ advisor+,
deputy deputies, successor+, predecessor+, heir+, man men, woman women, boy+, girl+, leader+, follower+,
prophet+, preacher+, missionary missionaries, rider+, runner+, prison+ jail+, government+, opposition,
parliament, senate, congress, court+, company companies firm+, bank+, hospital+, school+, church
churches, mosque+, synagogue+, university universities, insurer+, airline+, manufacturer+, retailer+,
landlord+
"""

_nations, _traits, _roles = groups(_NATIONS), groups(_TRAITS), groups(_ROLES)

NATIONS = _nations
# Traits of persons; significant if added or removed next to a word for a person.
TRAITS = _traits
ROLES = _roles
# Traits of persons only: significant wherever they are added or removed.
OF_PERSONS = members(
    "muslim+ islamic moslem+ islamist+ jew+ jewish hindu+ sikh+ atheist+ catholic+ protestant+"
    " evangelical+ mormon+ sunni+ shia shiite+ gay+ homosexual+ lesbian+ bisexual+ transgender trans"
    " transsexual+ hispanic+ latino+ latina+ caucasian+ elderly teenage teenager+ juvenile+ undocumented"
    " homeless unemployed jobless disabled autistic vice deputy interim disgraced convicted"
    " self-proclaimed self-described self-styled communist+ socialist+ anarchist+ separatist+ supremacist+"
    " far-right far-left left-wing leftwing right-wing rightwing immigrant+ migrant+ refugee+ illegitimate"
    " pregnant drunk"
)
PERSONS = frozenset(
    (
        *_roles,
        *members(
            "man men woman women boy+ girl+ person people child children kid+ adult+ teenager+ youth+"
            " leader+ leaders member+ official+ head+ family families community communities couple+"
            " resident+ secretary chief+ spokesman spokeswoman spokesperson editor+ general+ neighborhood church"
        ),
    )
)
