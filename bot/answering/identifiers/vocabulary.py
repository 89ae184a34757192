"""Words that are no names, or not only names: of every day, of other languages, of medicine."""

import re

EPONYMS = frozenset(
    """
    gottron gottrons bohan peter cushing cushingoid raynaud kawasaki still sjogren hashimoto duchenne becker gower
    gowers kobner koebner epstein barr addison addisonian stevens johnson lyell behcet crohn wilson basedow graves
    guillain barre trendelenburg chvostek trousseau starling hodgkin burkitt kaposi marfan ehlers danlos henoch
    schonlein takayasu wegener churg strauss felty reiter caplan castleman lambert eaton pompe mcardle bethlem ullrich
    emery dreifuss charcot friedreich huntington alzheimer parkinson tourette hoffmann werdnig brooke mccune albright
    kikuchi blau schnitzler muckle wells sturge weber willebrand leiden coombs schirmer schober babinski romberg
    murphy tinel phalen cochrane lancet mayo likert kaplan meier fisher wilcoxon bland altman bayes jadad delphi
    tanner glasgow apgar barthel borg kendall lovett mosteller haycock schwartz nikolsky osler janeway heberden
    bouchard dupuytren jaccoud libman sacks evans gilbert sweet degos buerger whipple lyme coxsackie bcg cox mann
    whitney spearman pearson bonferroni hawthorne oxford parvo calmette guerin mantoux ziehl neelsen gram giemsa
    romanowsky heimlich valsalva kussmaul quincke waterhouse friderichsen reye prader willi edwards patau klinefelter
    noonan rett angelman bartter gitelman fanconi
    """.split()
)
"""Names of diseases, signs and methods."""
NO_NAMES = frozenset(
    """
    i a an the and or but if is are was were be been am do does did has have had he she it we you they them his her
    its our your their my mine me him us in on at to for from with without by of off as so no not yes ok hi hello hey
    dear thanks thank please what which who whom whose when where why how can could should would shall might must this
    that these those there here then than now just very too also only again after before since until during about over
    under up down out all any some both each every more most less many much today yesterday tomorrow tonight morning
    evening night week month year monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat
    january february july september october november december feb mar apr jun jul aug sep sept oct nov dec kg mg ml dl
    mcg iv sc im po english german french spanish italian polish dutch turkish russian arabic chinese japanese
    european american british canadian australian irish scottish welsh danish swedish norwegian finnish greek indian
    african asian portuguese brazilian mexican usa uk eu europe africa asia america mum mom mam mummy mommy dad daddy
    mama papa mother father nurse doctor sir madam hallo bonjour salut merci danke hola gracias ciao grazie guten tag
    liebe lieber sehr geehrte bitte cher chère estimado dzień dobry merhaba patient patients girl boy child kid son
    daughter best regards kind yours sincerely case name address addr tel phone email mail question answer lab labs
    clinic list ward room school label hospital number note notes age sex male female weight height wt ht dob dx rx hx
    tx pt pts fwd re id mrn nhs gp er icu emergency contact hallowe'en halloween christmas easter ramadan diwali
    google reddit facebook telegram whatsapp instagram twitter android iphone apple lancet aged grade med says said
    asks asked wants told tells thinks think oral low high new old first second third next last black white red blue
    green long short big small great north south east west saint st
    x-ray x-rays xray
    """.split()
)
"""Words that are no names, whatever stands around them."""
FOREIGN = frozenset(
    """
    der die das ein eine einen einem einer und oder aber ist sind war hat haben hatte mit ohne bei von vom zum zur
    nach vor für auf aus im am an als wie was wer wo wann warum welche welcher welches kann soll muss darf wird werden
    nicht kein keine sie er es wir ihr ich mein meine meinem meiner unser unsere sein seine ihre dr prof mr mrs ms le
    la les un une des du de et ou mais est sont avec sans pour par sur dans il elle nous vous ils elles je mon ma mes
    son sa ses notre nos que qui quoi quel quelle comment pourquoi quand el los las uno una unos y o pero con sin por
    para en del al se su sus mi mis nuestro nuestra qué cuál cómo cuándo lo gli i e è sono senza per di da della in
    mio mia suo sua che chi come quando perché het een of maar met zonder voor door op uit te ten ter zijn haar hij
    zij wij jullie mijn ons onze wat welke hoe wanneer os as um uma mas é são com sem em no na do dos seu meu minha
    qual como w z od po za ze u nie jest są mój moja jego jej czy jak kiedy co kto ve veya bir bu şu için ile mı ne
    nasıl var yok и или но в на с без для от до по за это что как когда он она мы вы они мой моя наш наша его её у не
    есть лет год года
    ab seit wenn dass sich dat wil alla dia día está esta toma cuando alle ganz dann denn
    """.split()
)
"""Words of other languages: in lower case, or where no name is written so, they are no names."""
ALSO_WORDS = frozenset(
    """
    will may june april august jan sun max min still mai mars set do among favour grey cola teddy bot
    """.split()
)
"""Names that are words, besides those of the list."""
PLACES = frozenset(
    """
    sydney paris florence jordan georgia chad kenya vienna london dallas austin madison charlotte victoria adelaide
    carolina virginia milan verona siena alexandria israel jamaica india savannah phoenix houston cleveland lincoln
    lourdes brooklyn bristol chester lyon nancy santiago barcelona valencia lima roma berlin hamburg essen bern basel
    cairo lagos memphis orlando boston denver dakota montana indiana
    """.split()
)
"""Places after which people are named."""
PARTICLES = frozenset(
    """
    van von der den de di da del della dos das du la le el al bin ibn bint ben abu ter ten af av zu zum y e st o mac
    mc
    """.split()
)
"""They stand between the names of one person."""
HONORIFICS = frozenset(
    """
    kun san chan sensei ssi nim ji bhai bey hanim abi
    """.split()
)
"""They are joined to a name."""
DRUG_ENDINGS = re.compile(
    r"(?:mab|nib|mib|cept|olone?|isone?|oxate?|prine?|imus|quine?|lukast|azole?|cillin|mycin|vir|statin|dipine"
    r"|pril|sartan|olol|idone|azine|amide|amine|arone|parin|gliptin|formin|dronate?|dronic|afil|entan|lizumab|kinra"
    r"|sone|lone|oxin|itis|osis|oma|emia|aemia|opathy|pathie|algia|ectomy|gram|graphy|ology|pathy|uria|penia|plasia"
    r"|trophy|cyte|itid\w*|ose|ase|globuline?|cort\w*)$"
)
"""How names of drugs, diseases and tests end."""
