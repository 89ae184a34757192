"""Words that a faithful claim may exchange, and words that it may not: general and clinical English, no names.

Stricter than `matching.py`, which helps a question find its document: here an exchange must keep the meaning.
"""

from functools import cache

from bot.answering.language import stem

SAME = """
show shown demonstrate reveal find found observe saw seen report describe document note see indicate display detect
give gave given administer receive treat use employ apply
patient participant subject people person individual case
study trial investigation research work
study examine investigate evaluate assess analyse analyze explore test measure determine establish
perform carry conduct undertake do
improve improvement better benefit amelioration ameliorate
therapy treatment treat therapeutic management
drug medicine medication agent compound
disease illness condition disorder
increase rise rose risen raise elevate elevation grow growth higher greater enhance augment upregulate
decrease reduce reduction fall fell fallen lower decline drop diminish lessen smaller attenuate downregulate
high higher elevated great greater
low lower small smaller
begin began begun start initiate initiation commence onset
stop discontinue discontinuation cease cessation withdraw withdrawal
continue maintain remain persist ongoing
require need necessary necessitate
include enrol enroll enrolment recruit comprise contain
approximately about roughly around nearly almost circa
subsequent later following after afterwards subsequently follow
prior before previous previously earlier
important key major main principal crucial critical essential vital
common frequent commonly frequently often
severe serious
physician doctor clinician
significant significantly marked markedly considerable considerably substantial substantially notable
recommend advise advocate advice recommendation guidance guideline
suggest propose imply
adverse side unwanted undesirable
event effect reaction
relapse recurrence recur flare
death mortality die fatal dead
develop occur arise emerge appear happen have
cause induce produce provoke trigger elicit
lead result
help aid assist support facilitate
effective efficacious effectiveness efficacy work
safe safety
tolerate tolerability tolerance
associate association relate relationship relation link correlate correlation connect connection
inhibit inhibition block blockade suppress suppression repress
activate activation stimulate stimulation
promote enhance facilitate stimulate
prevent prevention avoid
protect protection protective
impair impairment disrupt disruption defect defective compromise
lack absence deficiency deficient absent loss
delete deletion knockout ablation
mutation mutant mutate
regulate regulation control modulate modulation
mediate mediation through
require depend dependent dependence
bind binding interact interaction
express expression
site location
rapid rapidly quick quickly fast
slow slowly
total overall
child children pediatric paediatric kid juvenile childhood
adult grown
elderly older old
woman women female
man men male
mouse mice murine
rat rats
human humans
infant baby newborn neonate neonatal
kidney renal nephric
liver hepatic
heart cardiac myocardial
lung pulmonary
brain cerebral
skin cutaneous dermal
muscle muscular
bone skeletal osseous
blood serum plasma circulating
tumor tumour cancer neoplasm malignancy carcinoma
obese obesity overweight
surgery surgical operation operative
dose dosage dosing
duration length
rate frequency incidence
risk hazard
outcome result
response respond responder
method approach technique strategy
option choice alternative
first initial
second secondary
group arm cohort
difference differ different distinct
similar comparable equal equivalent alike same
change alter alteration modify modification
complete full entire
partial incomplete
evidence data proof
author investigator researcher
article paper
weakness weak
strength power
swallow swallowing dysphagia
pain ache painful
fever pyrexia febrile
tired fatigue
week wk
month mo
year yr annual
day daily
hour hr
week weekly
percent percentage proportion share
average mean
median middle
maximum max maximal highest
minimum min minimal lowest
additional further extra more add
combine combination combined together concomitant
alone monotherapy single solely
several multiple various numerous many
few little
new novel
age aged
predict predictor predictive prognostic
survive survival
diagnose diagnosis diagnostic
symptom manifestation feature sign
infect infection infectious
inflame inflammation inflammatory
immune immunity immunological immunologic
gene genetic
therapy therapeutic
hospital inpatient
admission admit hospitalisation hospitalization
care manage management
refractory resistant unresponsive
compare comparison
susceptible susceptibility vulnerable prone
resist resistance resistant
sensitive sensitivity
able ability capable capacity
form formation generate generation produce production create
accumulate accumulation build buildup
migrate migration movement
proliferate proliferation
differentiate differentiation
transcribe transcription transcriptional
target targeting
localise localize localization localisation
kill death die apoptosis
damage injury harm
repair restore restoration recover recovery
progress progression advance
early earlier soon
consider regard
treat treated
remain stay
determine decide
contribute contribution involve involvement participate role
provide offer supply
play role
trigger initiate
"""
CONTRASTS = """
oral/intravenous/subcutaneous/intramuscular/topical/inhaled/intrathecal/intraperitoneal/transdermal/rectal/nasal
orally/intravenously/subcutaneously/intramuscularly/topically/rectally
overall/progression/event/relapse/recurrence
mild/moderate/severe
on-label/off-label
on-treatment/off-treatment
primary/secondary/tertiary
first/second/third/fourth
left/right
acute/chronic/subacute
benign/malignant
retrospective/prospective
randomized/observational/nonrandomized/uncontrolled
upper/lower
systolic/diastolic
strength/weakness
mortality/morbidity
sensitivity/specificity
efficacy/safety
blood/urine/saliva/cerebrospinal
preoperative/postoperative/intraoperative/perioperative
preoperatively/postoperatively/intraoperatively
premenopausal/postmenopausal
prenatal/postnatal
proximal/distal
anterior/posterior
medial/lateral
internal/external
skin/muscle/lung/liver/heart/kidney/brain/bone/joint/stomach/colon/prostate/breast/ovary/pancreas/bladder/thyroid/spleen
pulmonary/cardiac/renal/hepatic/gastric/cerebral/cutaneous/muscular/intestinal/colorectal/ovarian/pancreatic/thyroid
arthritis/calcinosis/myositis/dermatitis/hepatitis/nephritis/vasculitis/carditis/colitis
children/adults/infants/adolescents/elderly/neonates/young
child/adult/infant/adolescent
pediatric/adult
paediatric/adult
women/men
woman/man
female/male
girls/boys
mother/father
mothers/fathers
mice/rats/humans/patients/monkeys/zebrafish/rabbits/pigs/dogs
mouse/rat/human/monkey/zebrafish/rabbit/pig/dog
before/after/during
morning/evening
winter/summer
increase/decrease increase/reduce increase/reduction increase/fall increase/decline increase/loss increase/drop
increases/decreases increased/decreased increased/reduced increases/reduces increasing/decreasing increasing/reducing
higher/lower higher/smaller higher/less greater/smaller greater/lower greater/less more/less more/fewer
better/worse best/worst longer/shorter long/short faster/slower fast/slow rapid/slow larger/smaller large/small
superior/inferior older/younger old/young earlier/later early/late above/below high/low
improve/worsen improved/worsened improves/worsens improvement/worsening improvement/deterioration improve/deteriorate
improve/impair improves/impairs improved/impaired improvement/impairment
positive/negative positively/negatively effective/ineffective normal/abnormal active/inactive
stable/unstable common/rare often/rarely frequent/rare frequently/rarely frequent/infrequent always/never
most/least majority/minority maximum/minimum maximal/minimal highest/lowest
gain/loss benefit/harm beneficial/harmful start/stop start/discontinue started/stopped started/discontinued
continue/stop continue/discontinue continued/stopped continued/discontinued initiate/discontinue
activate/inhibit activates/inhibits activated/inhibited activation/inhibition activating/inhibiting
activate/suppress activates/suppresses activation/suppression activated/suppressed inhibits/stimulates
promote/inhibit promotes/inhibits promote/suppress promotes/suppresses promote/prevent promotes/prevents
promotes/impairs promotes/blocks promote/impair promote/block promoted/inhibited promoting/inhibiting
enhance/impair enhances/impairs enhance/reduce enhances/reduces enhanced/reduced enhanced/impaired enhances/inhibits
induce/inhibit induces/inhibits induced/inhibited induces/prevents induces/suppresses induces/reduces
stimulate/inhibit stimulates/inhibits stimulates/suppresses accelerate/slow accelerates/slows accelerates/delays
upregulate/downregulate upregulated/downregulated upregulates/downregulates upregulation/downregulation
presence/absence present/absent with/without same/different similar/different significant/insignificant
sufficient/insufficient adequate/inadequate possible/impossible likely/unlikely able/unable safe/unsafe
necessary/unnecessary dependent/independent related/unrelated
susceptible/resistant susceptibility/resistance sensitive/resistant sensitivity/resistance
worked/failed works/fails work/fail working/failing succeed/fail succeeds/fails
survival/mortality survival/death success/failure succeeded/failed
protects/increases protective/harmful reduces/promotes reduces/induces reduce/promote prevents/causes prevents/induces
rose/fell rises/falls rise/fall raise/lower raises/lowers raised/lowered
exacerbates/ameliorates exacerbate/ameliorate exacerbates/improves exacerbates/reduces aggravates/ameliorates
many/few complete/partial single/multiple unilateral/bilateral short/long
inpatient/outpatient inpatients/outpatients rural/urban invasive/noninvasive
vaccinated/unvaccinated treated/untreated smokers/nonsmokers
agonist/antagonist overexpression/knockdown gain/deletion
""".split()


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@cache
def same_as() -> dict[str, frozenset[str]]:
    """By stem: the stems that say the same, its own included."""
    found: dict[str, set[str]] = {}
    for line in _lines(SAME):
        stems = {stem(word) for word in line}
        for item in stems:
            found.setdefault(item, set()).update(stems)
    return {item: frozenset(stems) for item, stems in found.items()}


@cache
def opposites() -> dict[str, frozenset[str]]:
    """By word: the words that exclude it in one place."""
    found: dict[str, set[str]] = {}
    for line in CONTRASTS:
        group = line.split("/")
        for word in group:
            found.setdefault(word, set()).update(other for other in group if other != word)
    return {word: frozenset(others) for word, others in found.items()}
