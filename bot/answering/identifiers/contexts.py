"""How people are spoken of: the words that stand before and behind a name, in a dozen languages."""

import re

OF_EPONYM = (
    r"(?:criteri\w+|signs?|papul\w+|papel\w*|phenomen\w+|phänomen|syndrom\w*|disease|krankheit|maladie"
    r"|thyroiditis|myositis|dystroph\w+|"
    r"manoeuvre|maneuver|test|scale|score|law|lymphoma|nodes|lines|stud(?:y|ies)|trial|paper|review|publication|definition|recommendations?"
    r"|article|classification)"
)
STUDIED = re.compile(
    r"[’']s?\s+(?:\w+\s+)?" + OF_EPONYM + r"\b"
    r"|[\s(,-]*(?:et\s+al|and\s+colleagues|und\s+(?:Kollegen|Mitarbeiter)|et\s+coll|" + OF_EPONYM + r"\b"
    r"|(?:19|20)\d\d[a-z]?\b(?![-/.]\d)|(?:cohort|survey|series|index|treat-to-target|protocol|regimen"
    r"|algorithm|guideline\w*|"
    r"consensus|meta-analysis|group|definition|method|formula|equation|reaction|antibod\w+|antikörper|"
    r"multicent\w+|dose|dosing|data|results?|authors?|team|journal|abstract|virus|ratio|curve|analysis|approach"
    r"|scheme|tea|oil|root|leaf|extract|seeds?|rice|"
    r"hospital|university|clinic|foundation|institute|children['’]s|street|road|studien?|étude|estudio|studio)\b)",
    re.IGNORECASE,
)
AUTHORED = re.compile(
    r"(?:\b(?:according\s+to|per|cited?|cites|citing|authors?|stud(?:y|ies)|trial|paper|criteria|of|from|by"
    r"|published\s+by|journal|"
    r"étude(?:\s+de)?|studie\s+von|morbus|maladie\s+de|syndrome\s+de|signe\s+de|criteri\s+di|syndrom|disease"
    r"|versus|vs\.?|who\s+(?:is|are|was|were)|what\s+did|"
    r"what['’]?s|the|in|and|und|et|y|e|&|[A-Z][\w'’-]+(?:,|\s+(?:or|oder|ou)))\s*)$",
    re.IGNORECASE,
)
"""What stands before the name of an author rather than a patient's, where nothing else speaks for a patient."""

KIN = (
    r"(?:son|daughter|dau|child|kid|kiddo|boy|girl|baby|toddler|infant|teen|twins?|lad|lass|man|lady|guy|bub"
    r"|princess|"
    r"nephew|niece|grand(?:son|daughter|child|pa|ma|mother|father|dad|mum)|step(?:son|daughter|child|dad|mum)"
    r"|brother|sister|bro|sis|cousin|"
    r"sibling|uncle|aunt(?:ie|y)?|mum(?:my)?|mom(?:my)?|mam|mama|mother|dad(?:dy)?|papa|father|parents?|nan(?:a"
    r"|ny)?|gran(?:ny)?|"
    r"husband|wife|partner|friend|neighbou?r|classmate|goddaughter|godson|foster\s+(?:son|daughter|child)"
    r"|patient|pt|pat|client|"
    r"case|proband|"
    r"sohn|tochter|kind|junge|mädchen|bub|bube|enkel(?:in|kind)?|neffe|nichte|bruder|schwester|mutter|vater"
    r"|mutti|papi|mami|oma|opa|frau|herr|patientin|"
    r"fils|fille|garçon|enfant|bébé|maman|père|mère|frère|sœur|soeur|neveu|nièce|petit[e]?|cousine|ami|amie|patiente|"
    r"hij[oa]|niñ[oa]|bebé|herman[oa]|sobrin[oa]|niet[oa]|madre|padre|mamá|papá|abuel[oa]|paciente|chic[oa]|prim[oa]|"
    r"figli[oa]|bambin[oa]|ragazz[oa]|fratello|sorella|nipote|mamma|papà|nonn[oa]|paziente|"
    r"zoon|dochter|kindje|jongen|meisje|broer|zus|moeder|vader|patiënt|oom|tante|kleinzoon|kleindochter|"
    r"filh[oa]|menin[oa]|irmã[o]?|mãe|pai|net[oa]|av[óô]|"
    r"syn(?:ek)?|córk\w*|dzieck\w+|chłopiec|chłopczyk|dziewczynk\w+|brat|siostra|wnucz?k\w*|pacjent(?:ka)?|tata|tato|"
    r"oğl\w+|kız\w*|çocu[kğ]\w*|bebe[kğ]\w*|yeğen\w*|torun\w*|karde[sş]\w*|anne(?:si|yim)?|baba(?:sı|yım)?"
    r"|hasta(?:mız|m)?|"
    r"сын(?:ок|очек|а|у)?|доч(?:ь|ка|ери|ку|енька)|реб[её]нок|ребёнка|мальчик\w*|девочк\w+|брат\w*|сестр\w+"
    r"|внук\w*|внучк\w+|пациент\w*|мам[аы]|пап[аы]|бабушк\w+|дедушк\w+|племянни\w+|"
    r"síň|dcer[auy]|syna?|chlapec|dívka|fiul\w*|fiic\w+|fiam|lányom|gyermek\w*|søn|datter|sønn|dotter|barn"
    r"|poika\w*|tytt[öä]\w*|"
    r"γιος|κόρη|παιδί|sin|kći|kćerka)"
)
AGED = (
    r"(?:\d{1,2}\s*[-/]?\s*(?:y(?:ea)?rs?|y/?o?|yo|yrs?|m(?:o|onths?)?|w(?:ee)?ks?|f|jahre?|j|ans?|a[nñ]os?"
    r"|anni|jaar|anos|lat|lata|yaş\w*|лет|года?|岁|歳|살)?"
    r"[\s-]*(?:old|jährig\w*|jarige)?\s*(?:(?:boy|girl|male|female|[mf])\b)?)"
)
BEFORE_KIN = re.compile(
    rf"(?<!\w)(?:{KIN})(?:[’']s)?(?:\s*[,:(–-]\s*|\s+)(?:(?:{AGED}|is|,|name[ds]?|called|here|dear|little|old"
    rf"|is\s+called)\s*[,:(–-]?\s*)?$",
    re.IGNORECASE,
)
"""A relative or a patient right before a name: "my son Leo", "pt: Leo", "our daughter (8) Mia"."""
LITTLE = re.compile(
    r"(?<!\w)(?:little|wee|poor|sweet|dear|young|baby|kleine[rn]?|petite?|pequeñ[oa]|piccol[oa]|kleine|mały"
    r"|mała|our|my|unser[e]?|notre|nostr[oa]|nuestr[oa]|onze|nosso|nossa)\s+$",
    re.IGNORECASE,
)
OF_KIN = re.compile(
    rf"(?<!\w)(?:{KIN})\s+(?:(?:of|to|von|de|d['’]|di|van|от|del)\s*(?:(?:mr|mrs|ms)\.?\s+)?"
    r"|(?:to|for|with|and|und|et|y|e|i|ve|и)\s+)$",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(?<!\w)(?:named|called|nickname[d]?|nick|alias|aka|goes\s+by|known\s+as|name(?:[’']?s|\s+(?:is|was)"
    r"|\s*[:=-])?|names?|(?:full|first|last|given|family|real|pet|passport|sur)\s?name(?:\s+is)?|"
    r"hei(?:ß|ss)t|hei(?:ß|ss)e|namens|name\s+ist|genannt|s['’]appelle|m['’]appelle|nomm[ée]e?|prénom|nom"
    r"|se\s+llama|me\s+llamo|llamad[oa]|nombre|si\s+chiama|mi\s+chiamo|chiamat[oa]|nome|"
    r"heet|genaamd|naam|chama-se|se\s+chama|chamad[oa]|na\s+imię|o\s+imieniu|nazywa\s+się"
    r"|imię(?:\s+i\s+nazwisko)?|ad[ıi]|isim|adım|зовут|имя|по\s+имени|фамилия|фио|"
    r"(?:we|i|they|everyone|people)\s+(?:all\s+)?calls?\s+(?:him|her|them|me)|(?:typed|dictated|signed|transcribed|accompanied|booked|requested|referred|examined)\s+by|"
    r"next\s+of\s+kin|guardian|(?:lead\s+)?consultant(?=\s*:)|carer(?=\s*:)|forwarded\s+(?:from|by)|patient(?:\s*name|\s+label|in)?|pt|pat(?:\.|ient)?|clinic\s+list(?:\s+\w+)?)"
    r"\s*[:=.,–-]?\s*[\"“„«'‘]?$",
    re.IGNORECASE,
)
SURE_TITLES = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|miss|dr|prof|frau|herr|madame|mme|monsieur|señora?|signora?|pani|pan)\.?\s*$", re.IGNORECASE
)
TITLES = re.compile(
    r"(?<!\w)(?:family|familie|famille|familia|famiglia|mr|mrs|ms|miss|mx|master|madam|dr|drs|doctor|doc|prof|professor|sir|nurse|matron|sister"
    r"|consultant|herr|frau|fr|hr|"
    r"monsieur|madame|mademoiselle|mme|mlle|m|docteur|señora?|sr|sra|srta|don|doña|doctora?|dra|signora?|sig"
    r"|dott|dottor|dottoressa|dottssa|"
    r"meneer|mevrouw|dhr|mevr|senhora?|pani|pan|państwo|bay|bayan|hanım|доктор|д-р|г-н|г-жа|господин|госпожа"
    r"|mr\.?\s+and\s+mrs|mr\s*&\s*mrs|mr/mrs|dr\.?\s+med)"
    r"\.?\s*$",
    re.IGNORECASE,
)
SELF = re.compile(
    r"(?<!\w)(?:i[’']?m|i\s+am|this\s+is|it[’']?s|its|it\s+is|here\s+is|ich\s+bin|hier\s+ist|je\s+suis|c['’]est"
    r"|ici|soy|sono|ik\s+ben|sou|jestem|ben|я|меня\s+зовут)\s*,?\s*$",
    re.IGNORECASE,
)
ADDRESSED = re.compile(
    r"(?<!\w)(?:(?:fwd|fw|re|wg|aw|tr|attn|att|cc|from|to|subject|betreff|concerning|regarding|concerns|about"
    r"|for|with|dear|regards|wishes|yours|"
    r"sincerely|faithfully|thanks|contact|ask\s+for|bring|ask|tell|see|saw|seen|seeing|know|give|gave|giving"
    r"|given|put|start(?:ed|ing)?|treat(?:ed|ing)?|switch(?:ed|ing)?|keep|asked\s+by|"
    r"on|of|by|to|from|with|as|is|was|has|does|did|should|could|would|will|can|may|when|if|since|because|that"
    r"|after|before|until|and|or|but|"
    r"für|mit|bei|von|wegen|über|hat|ist|soll|pour|avec|chez|para|con|per|voor|met|dla|için|для|у|про|о)"
    r"[:,.]?)\s*$",
    re.IGNORECASE,
)
ADDRESS_LINE = re.compile(
    r"(?:^|[\n.!?;]\s*|(?<!\w))(?:fwd?|re|wg|dear|attn|cc|yours(?:\s+\w+)?|(?:kind|best|warm)?\s*regards"
    r"|best\s+wishes|sincerely|signed|gruß|grüße|love|xx|bed\s+\d+\w?|cheers|merci|danke|contact"
    r"|ask\s+for)\s*[:,.]?\s*(?:re\s+)?$",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"(?:(?<!\w)(?:thanks?(?:\s+(?:you|a\s+lot|so\s+much))?|thx|ta|cheers|regards|wishes|love|best|sincerely"
    r"|yours(?:\s+\w+)?|greetings|gruß|grüße|merci|gracias|grazie|danke)\s*[,.!–-]*|[?.!]\s*[-–—~]+"
    r"|\n\s*[-–—~]*)\s*$",
    re.IGNORECASE,
)
ENDS = re.compile(r"\s*[.!]*\s*x*\s*$", re.IGNORECASE)
CLOSED = re.compile(
    r"(?<!\w)(?:thanks?(?:\s+(?:you|a\s+lot|so\s+much|again|in\s+advance))?|thx|cheers|(?:kind|best|warm)?\s*regards|(?:best|kind|warm)"
    r"\s+wishes|love|best|sincerely|yours(?:\s+\w+)?|(?:viele|liebe|beste|herzliche)\s+grü(?:ß|ss)e|lg|vg|mfg|merci|bises|saludos|gracias|saluti|"
    r"grazie|groetjes|pozdrawiam|(?:un\s+)?abra[zç]os?|besos|baci|kus|groet(?:en|jes)|hugs|xx+|cordialement|atentamente|cordiali|mvh|hilsen|saygılar|sevgiler|"
    r"z\s+poważaniem|с\s+уважением)\s*[,.!–\n-]*\s*(?:from\s+)?$",
    re.IGNORECASE,
)
"""How a letter is closed, before the name of its writer."""
SIGNED_AS = re.compile(r"\s*(?:[.!]*\s*x*|[,(|–-][^.?!]{1,40}[.!)]*)\s*$", re.IGNORECASE)
PERSONAL_BEHIND = re.compile(
    r"\s+(?:weighs?|weighed|takes|took|hates|refuses|vomits|vomited|walks|feels|felt|lost|gained|was\s+(?:born"
    r"|diagnosed|admitted)|asks|asked|complains)\b",
    re.IGNORECASE,
)
"""What only persons do."""
MET = re.compile(
    r"(?<!\w)(?:i|we)\s+(?:have\s+|just\s+|had\s+)?(?:saw|see|seen|reviewed|met|examined|admitted|discharged|spoke\s+(?:to|with))\s+$",
    re.IGNORECASE,
)
SPEAKS_BEHIND = re.compile(r"\s+(?:from|here|again)\b", re.IGNORECASE)
PLACED = re.compile(r"(?<!\w)(?:in|from|at|near|to|of|aus|nach|à|de|en|da|di|uit|w|z|из|в)\s+$", re.IGNORECASE)
RELATED_BEHIND = re.compile(
    rf"\s+(?:the|le|la|der|die|il|el|de|o)\s+(?:{KIN})\b|"
    rf"\s*[,(–-]\s*(?:(?:who|that)\s+is\s+)?(?:(?:our|my|the|a|an|unser[e]?|mein[e]?|notre|mon|ma|mi|nuestr[oa]"
    rf"|mia|mio|minha|meu|moja|mój|мо[йя])\s+)(?:\w+\s+){{0,3}}?(?:{KIN})\b"
    rf"|\s+(?:girl|boy|male|female|kid|child|twins?|family)\b(?!\s+(?:name|called))|(?:-kun|-chan|-san)\b",
    re.IGNORECASE,
)
AGE_BEHIND = re.compile(
    r"\s*(?:[,;:/(|–-]\s*|\s)(?:(?:aged?|is|now|just|only|alt|âgée?|de|tiene|ha|hat|was|turned|,|[mf]|male"
    r"|female|girl|boy)\s*[,/|]?\s*)*"
    r"(?:\d{1,2}(?:[.,]\d)?\s*(?:-?\s*(?:y(?:ea)?rs?\b|y/?o\b|yo\b|y\b|yrs\b|m(?:o|onths?)\b|mths\b|[fm]\b"
    r"|jahre?\b|j\.|ans?\b|a[nñ]os?\b|anni\b|jaar\b|anos\b|lat[a]?\b|yaş|лет|год|岁|歳|살|سن))"
    r"|[mf]\s?\d{1,2}\b(?!\s*[\d/%.]))",
    re.IGNORECASE,
)
"""An age with its unit."""
NUMBER_BEHIND = re.compile(
    r"\s*(?:,\s*|\(\s*|\s+(?:is\s+|\(\s*)?|\s*/\s*(?:[mf]\s*/\s*)?"
    r"|\s*[-–:]\s*)(?:aged\s+)?(?:1?\d)(?=\s*[,;)/.?!]|\s*$|\s+(?!(?:x|mg|g|kg|ml|mcg|µg|%|units?|tab|week|day"
    r"|month|hour|dose|of|to|patients|children|times|mal|fois)\b)[a-zA-Z])(?![\d.,]*\d)",
    re.IGNORECASE,
)
"""A number that may be an age."""
DOES_BEHIND = re.compile(
    r"\s+(?:again|wieder|encore)\b|\s*[,(]\s*(?:he|she|who|aged?)\b|\s+(?:(?:has|had|hat|hatte|a|tiene|ha|heeft"
    r"|tem|ma|gets?|got|bekommt|bekam|takes?|took|taking|nimmt|prend|toma|prende|"
    r"bierze|krijgt|started|starts|stopped|failed|fails|developed|develops|flared|flares|weighs?|weighed|needs?"
    r"|needed|tolerates?|tolerated|"
    r"can(?:no|['’])?t|couldn['’]?t|doesn['’]?t|isn['’]?t|hasn['’]?t|won['’]?t|didn['’]?t|responded|responds"
    r"|improved|worsened|relapsed|received|receives|receiving|feels?|felt|hates?|"
    r"suffers?|complains?|vomit(?:s|ed)|refuses?|says?|said|asks?|asked|told|tells|wants?|went|goes|came|lets?"
    r"|used\s+to|is\s+(?:now\s+)?(?:\d|on|in|still|having|weak\w*|very|so|not|back|off|getting|taking|due|doing"
    r"|better|worse|ill|sick|tired|losing|due)|"
    r"ist|war|est|está|è|jest|was\s+(?:diagnosed|started|given|admitted|put|on|born|told)|keeps?|still|also"
    r"|(?:seems|looks)|went|lost|gained|walks?|"
    r"diagnosed|dx|hx|on\s+(?:mtx|ivig|pred|steroids)|'s)\b)|\s+here\b|\s*\((?:dr|prof|nurse|mum|mom|dad|mother"
    r"|father|gp|doctor|mama|papa)\b",
    re.IGNORECASE,
)
"""What people do and what befalls them."""
OWNS_BEHIND = re.compile(
    r"[’']s?\s+(?!(?:disease|syndrome|sign|phenomenon|criteria|papules?|thyroiditis|lymphoma|law|test|study"
    r"|trial|paper)\b)\w|[’']s\s*[.,;:?!]",
    re.IGNORECASE,
)
OWNS_AS_PERSON = re.compile(
    r"[’']s?\s+(?:\w+\s+)?(?:rash|ck|bloods?|labs?|skin|weight|mum|mom|dad|mother|father|parents?|doctor|school|birthday"
    r"|calcinosis|weakness|muscles?|lungs?|steroids|biopsy|mri|teacher|brother|sister|family|hands?|face|legs?|arms?|cmas"
    r"|ferritin|appointment|infusion|flare|joints|hair|eyes|fever|cough|swallowing|voice|knees?|elbows?|mama|papa"
    r"|daughter|son|child|class|chart|file|results|paed\w*|rheum\w*|gp|consultant|nurse|team|carers?|nan|gran)\b",
    re.IGNORECASE,
)
FOR_SOMEBODY = re.compile(r"(?<!\w)(?:for|about|re|regarding|with|für|pour|para|per|voor|dla)\s*:?\s*$", re.IGNORECASE)
SLASHED = re.compile(r"\s*/\s*(?:[mf]\b|\d|[mf]\d)", re.IGNORECASE)
MEASURED_BEHIND = re.compile(
    r"\s*[,:/(–-]?\s*(?:ck|cpk|cmas|mmt|ldh|alt|ast|ana|dob|nhs|mrn|wt|weight|dx|rx|anti-?\w+|jdm|crp|esr)\b",
    re.IGNORECASE,
)
STARTS = re.compile(r"(?:^|[.!?;\n:]|[\d]\)|•|-)\s*$")
IS_KIN = re.compile(KIN, re.IGNORECASE)
