"""Texts as they come from the world, made up for the tests, and a short way to read them."""

from pathlib import Path

from bot.domain.documents import CuratedDocument, PassageKind, Sentence
from bot.knowledge.documents import read_document

WEB_PAGE = """\
Which drug comes after methotrexate in childhood uveitis, and how is it dosed?

Clinical Review BoardAll pages are reviewed for accuracy by our Clinical Review Board
Educational purpose only • Handle with care, content is pending human review
Article Review Status
Submitted
Under Review
Approved

Last updated: March 4, 2024View editorial policy

Personalize

Help us tailor your experience

Which best describes you? Your choice helps us find the right words.

Drugs After Methotrexate in Childhood Uveitis

For children with uveitis in spite of methotrexate, adalimumab is usually added 1.

Choosing a Drug

Step 1: Look At The Whole Child

  • Check first:
    • Arthritis
    • Eye pressure

Step 2: Decide

  1. For active arthritis:

    • Adalimumab (never alone) 1
    • Tocilizumab 2
  2. For high eye pressure:

    • Ask a specialist 1

Specific Drugs

Adalimumab

  • Dosing: 20 mg every 2 weeks below 30 kg 2
  • Screen for tuberculosis

Tocilizumab

  • Dosing: 8 mg/kg IV every 4 weeks for 3 months 3

Early referral to an eye clinic protects sight, and it should not wait for blood tests 1.

References

Guideline

Uveitis Overview

Vendor Board & Editors, 2024

Professional Medical Disclaimer

This information is intended for healthcare professionals. It does not replace professional discretion.

Have a follow-up question?

Our assistant is used by doctors around the world. Ask any follow up question and get instant answers.
"""

LETTER = """\
 Drug X significantly improved~
rash in childhood~
vasculitis

Childhood vasculitis is a rare disease with weakness and skin~
rashes.1 Some children are refractory or became depen-
dent on steroids.2 The harm of long- term steroids is severe;~
the (IFN)- driven JAK- STAT pathway was described.3–5 Short- and~
long-term results of 25 refrac-
tory children are shared here. All were treated between 2017~
and 2019 with glucocorticoid-~
dependent disease. This is the first case series on drug X.

Among 25 children, 44% (11/25) were girls. The 25 children were~
followed for 7.0 months. Ninety- six per cent (24/25) had rash when~
 Figure 1 A typical case of a girl >25 kg who received~
5 mg twice daily. (A) Skin before treatment. (B)~
Skin after treatment.

DrugX was added, and the score fell from 7.0 (3.0–10.0) to 0.0 (0.0–
1.0) (p<0.001). figure 1 shows a girl whose refractory rash went.~
No cyto-
megalovirus disease was seen in another study.6 No clots were~
observed as well.
""".replace("~", " ")

ABSTRACT = """\
Drug Y works in a subset of children with vasculitis: a retrospective study

Rheumatology | February 12, 2021

Voyer TL, Gitiaux C, Frémond ML and Bader-Meunier B

Rheumatology, abc123

To find out whether drug Y is safe.

We conducted a retrospective study. Nine children on DAY 1 had type 2 disease (n = 7).

Drug Y led to remission in 5/10.
"""


def read(folder: Path, text: str, name: str = "page.txt") -> CuratedDocument:
    """The document that a text makes, in a library of its own."""
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return read_document(folder / name, folder)


def sentences(document: CuratedDocument, kind: PassageKind = PassageKind.BODY) -> list[Sentence]:
    """All sentences of the passages of one kind."""
    return [sentence for passage in document.passages if passage.kind is kind for sentence in passage.sentences]


def texts(document: CuratedDocument, kind: PassageKind = PassageKind.BODY) -> list[str]:
    """What these sentences say."""
    return [sentence.text for sentence in sentences(document, kind)]


def headings(document: CuratedDocument) -> list[str]:
    """The places of the body passages, in order."""
    return [passage.locator for passage in document.passages if passage.kind is PassageKind.BODY]
