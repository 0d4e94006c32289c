"""The small words of English and its common verbs, by what they do in a question; all in lower case."""

DETERMINERS = frozenset(
    "the a an this that these those my your our their its his her some any every each all no another both".split()
)
PREPOSITIONS = frozenset(
    "of in on at to from for with by about between into onto through during before after under over near around "
    "without "
    "within against among per than as like via towards toward beyond across behind beside besides inside outside until "
    "regarding concerning despite along off up down out".split()
)
AUXILIARIES = frozenset(
    "be am is are was were been being do does did done have has had having can could will would shall should may "
    "might must "
    "isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't cannot couldn't won't wouldn't "
    "shouldn't "
    "what's who's where's how's it's that's there's i'm i've i'll i'd you're we're they're let's let "
    "isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt cant couldnt wont wouldnt shouldnt whats whos wheres "
    "hows thats theres im ive youre theyre".split()
)
PRONOUNS = frozenset(
    "i me you yours we us ours he him she hers it they them theirs myself yourself itself himself herself "
    "themselves one "
    "ones others someone somebody anyone anybody everyone everybody something anything everything nothing none "
    "nobody u".split()
)
QUESTION_WORDS = frozenset("who whom whose what which when where why how".split())
ASKING = frozenset(("which", "what", "whose"))  # determiners too, where a noun follows
JOINING = frozenset("and or but if because so then while although though whether since unless nor versus vs".split())
ADVERBS = frozenset(
    "not also too very just only even still already yet again ever never really actually now here there maybe please "
    "well more "
    "most much many less least few several such same other else etc often always usually sometimes currently today "
    "tomorrow "
    "yesterday ago anyway apart away back besides certainly certain enough exactly far first fast hard instead long "
    "late lately "
    "mostly next once perhaps quite rather soon together twice thus yes no ok okay thanks thank oh wow hi hello hey "
    "great good "
    "best better bad worse worst possible able different important available true safe easy easily difficult worth "
    "open free "
    "sure own further particular specific special like likely new old main various anywhere somewhere "
    "lol haha btw hmm".split()
)
VERBS = frozenset(
    "accept access achieve add affect afford agree allow answer apply appear arrive ask avoid become begin believe "
    "belong bring "
    "build buy calculate call carry cause change charge check choose claim clarify climb close come compare connect "
    "consider "
    "contain continue contribute cost count cover create cut deal decide define delete depend describe determine "
    "develop die "
    "differ discover drink drive earn eat enable end enjoy ensure enter exist expect explain fall feel file find fly "
    "follow "
    "forget form get give go grow handle happen hear help hold hope impact improve include increase influence inform "
    "introduce "
    "invest involve join keep kill know last lead learn leave let live look lose love make manage matter mean meet "
    "mention move "
    "name need occur offer operate own park pay perform play prefer prepare prevent produce protect provide pull put "
    "raise reach "
    "read receive recommend reduce refer relate release remain remember remove repeat replace report represent "
    "require return "
    "ride rise run say see seem sell send serve set share show sleep solve speak spend spread stand start stay stop "
    "store suggest "
    "summarize support survive take talk teach tell think travel treat try turn understand update use visit wait "
    "walk want watch "
    "wear win wish wonder work write abandon abolish accommodate accomplish accumulate adapt admire analyze arrange "
    "assist "
    "assume bake breathe broadcast calm celebrate cancel classify collapse collect combine communicate commute "
    "complete comply "
    "confirm conquer convert convey cook cross dance declare defeat depart derive descend deserve destroy detail dig "
    "direct "
    "discuss double drop enforce enhance erupt escape establish evolve examine exclude expand explore express extend "
    "fail fight "
    "finance fix fund gather generate guess hang hate hike hire hit host hurt identify illustrate implement initiate "
    "inspire "
    "install interpret invade invent issue jump justify kick land locate maintain march measure migrate miss mix "
    "narrow "
    "note notify obtain order originate paint pass persuade photograph pick plan plant practise practice pray print "
    "proceed "
    "promise promote pronounce prove publish purchase push qualify react rebuild recognise recognize recommend record "
    "recover recycle reflect register reject rely reorganise reorganize reserve resolve respond restore result "
    "reveal rule "
    "rotate save scan search secure select separate settle shut sign sing sit sort sound steal strike struggle study "
    "succeed sue supply surround swim switch taste tend transfer transform translate transport unite vary vote warn "
    "wash waste wonder worry".split()
)
PAST = frozenset(
    "became began bought brought built came chose chosen cut dealt drank drove ate fell felt found flew flown forgot "
    "forgotten "
    "gave given went gone grew grown heard held kept knew known led learnt left lost made meant met paid ran read "
    "rose said saw "
    "seen sold sent shown spent spoke stood took taken taught told thought understood won wore written wrote".split()
)
SMALL = DETERMINERS | PREPOSITIONS | AUXILIARIES | PRONOUNS | QUESTION_WORDS | JOINING
HELPERS = frozenset(
    "do does did don't doesn't didn't can could will would shall should may might must can't let".split()
)
QUALITIES = frozenset(
    "great good best better bad worst new old main other different important particular specific special open free "
    "long "
    "hard fast first last next several many few such own various".split()
)
# Heads that say what sort of thing is asked for, not which one: alone they name no topic.
VAGUE = frozenset(
    "thing things way ways kind kinds type types sort example examples information info detail details question "
    "questions "
    "answer answers difference differences reason reasons lot bit number time times something people person place "
    "places "
    "part parts idea subject topic case fact point summary list year years day days".split()
)
DEGREES = frozenset("so very too how quite really rather pretty as less".split())
FORMS_OF_BE = ("is", "are", "was", "were", "isn't", "aren't", "wasn't", "weren't", "isnt", "arent", "wasnt", "werent")
SUBJECTS = frozenset("it they he she this that these those you we i".split())
# Adverbs behind which a word on "-ing" is no thing.
MANNER = frozenset("still also always usually really currently now not already sometimes even just often".split())
# Nouns, beside those that say what somebody does ("owner"), that "he" or "she" takes up.
PERSONS = frozenset(
    "author blogger guy man woman boy girl lady gentleman king queen prince princess emperor president mayor minister "
    "priest bishop monk nun saint artist poet novelist architect sculptor composer musician captain sailor explorer "
    "inventor engineer scientist doctor chef baker farmer miner fisherman guide host hostess local resident tourist "
    "traveller traveler visitor pilgrim person someone".split()
)
